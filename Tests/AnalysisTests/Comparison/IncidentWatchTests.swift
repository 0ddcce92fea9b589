import Analysis
import Testing
import TidegateTestKit

@Suite("An incident in both arms")
struct IncidentWatchTests {
    private static let settings = ComparisonSettings()

    @Test(
        "keeps a rollout from going on while it lasts, and rolls nothing back",
        arguments: [0.001, 0.005, 0.02],
        [1.0, 20, 500]
    )
    func incidentHolds(base: Double, perSecond: Double) {
        var (promoted, rolledBack, reached) = (0, 0, 0)
        for seed in 0..<Self.runs {
            var service = SimulatedArms(base: base, perMinute: perSecond * 60, seed: UInt64(seed))
            var test = service.withHistory(looks: 1_440)
            let share = seed.isMultiple(of: 2) ? 0.1 : 0.5
            let outlook = StepOutlook(share: share, nextExposures: perSecond * 60 * 0.5)
            test.begin(outlook, under: Self.settings)
            let quiet = 3 + seed % 12
            for look in 0..<(quiet + 10) {
                service.factor = look >= quiet ? 10 : 1
                test.look(at: service.look(share: share), under: Self.settings)
                let verdict = test.verdict(under: Self.settings)
                if verdict == .harmless, look < quiet { break }
                if look >= quiet {
                    reached += 1
                    if verdict == .harmless { promoted += 1 }
                }
                if verdict == .harmful { rolledBack += 1 }
            }
        }
        // With one failure in twenty minutes an incident is over before anybody could know of it.
        let isBarelyVisible = base * perSecond * 60 < 0.1
        #expect(Double(promoted) <= (isBarelyVisible ? 0.05 : 0.005) * Double(reached))
        #expect(reached > 100)
        #expect(rolledBack == 0)
    }

    private static let runs = 150
}

/// Counts of two arms that fail alike.
struct SimulatedArms {
    var base: Double
    var perMinute: Double
    var factor = 1.0
    private var random: SeededGenerator

    init(base: Double, perMinute: Double, seed: UInt64) {
        self.base = base
        self.perMinute = perMinute
        random = SeededGenerator(seed: seed)
    }

    mutating func withHistory(looks: Int) -> SequentialComparison {
        var all = ArmCount()
        for _ in 0..<60 { all = all + arm(perMinute) }
        let scale = Double(looks) / 60
        let history = ArmCount(exposures: all.exposures * scale, failures: all.failures * scale)
        return SequentialComparison(dispersionPrior: 1.05, history: history, over: looks)
    }

    mutating func look(share: Double) -> ComparedCounts {
        ComparedCounts(treatment: arm(perMinute * share), control: arm(perMinute * (1 - share)))
    }

    private mutating func arm(_ expected: Double) -> ArmCount {
        let exposures = poisson(expected)
        return ArmCount(exposures: exposures, failures: min(poisson(exposures * base * factor), exposures))
    }

    /// Knuth's product of uniforms in pieces: means of thousands would underflow.
    private mutating func poisson(_ mean: Double) -> Double {
        guard mean < 200 else {
            let spread = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
            return max(0, (mean + spread * mean.squareRoot()).rounded())
        }
        var (count, left) = (0.0, mean)
        while true {
            left += LogSum.logarithm(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &random))
            if left < 0 { return count }
            count += 1
        }
    }
}
