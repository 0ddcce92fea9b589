import Analysis
import Assignment
import Rehearsal
import Testing

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

    @Test(
        "that adds as many failures to both lets no more twice as bad treatments pass",
        arguments: [20.0, 500],
        [0.005, 0.02]
    )
    func additiveIncident(perSecond: Double, base: Double) {
        var unguarded = Self.settings
        unguarded.holdsDuringIncidents = false
        for share in [0.1, 0.5] {
            func promoted(adding addition: Double, under settings: ComparisonSettings) -> Int {
                (0..<Self.fewRuns).count { seed in
                    var service = SimulatedArms(base: base, perMinute: perSecond * 60, seed: UInt64(seed))
                    service.ratio = 2
                    return Self.isPromoted(&service, share: share, adding: addition, under: settings)
                }
            }
            let calm = promoted(adding: 0, under: Self.settings)
            let burning = promoted(adding: 9 * base, under: Self.settings)
            #expect(burning <= calm + 2, "\(burning) for \(calm) of \(Self.fewRuns), share \(share)")
            // It would have hidden them: there is something to be guarded against.
            #expect(promoted(adding: 9 * base, under: unguarded) > Self.fewRuns / 2, "share \(share)")
        }
    }

    /// Whether the first verdict within an hour is a promotion, with so much more failing in looks 1..<21.
    private static func isPromoted(
        _ service: inout SimulatedArms,
        share: Double,
        adding addition: Double,
        under settings: ComparisonSettings
    ) -> Bool {
        var test = service.withHistory(looks: 1_440)
        test.begin(StepOutlook(share: share, nextExposures: service.perMinute * 0.5), under: settings)
        for look in 0..<60 {
            service.addition = (1..<21).contains(look) ? addition : 0
            test.look(at: service.look(share: share), under: settings)
            let verdict = test.verdict(under: settings)
            if verdict != .undecided { return verdict == .harmless }
        }
        return false
    }

    @Test(
        "that stays becomes the rule: within three hours it is none any more",
        arguments: [20.0, 500],
        [0.005, 0.02]
    )
    func newNormal(perSecond: Double, base: Double) {
        for seed in 0..<20 {
            var service = SimulatedArms(base: base, perMinute: perSecond * 60, seed: UInt64(seed))
            var test = service.withHistory(looks: 1_440)
            test.begin(StepOutlook(share: 0.1, nextExposures: perSecond * 60 * 0.5), under: Self.settings)
            service.factor = 5
            var incident: [Bool] = []
            for _ in 0..<240 {
                test.look(at: service.look(share: 0.1), under: Self.settings)
                incident.append(test.isIncident(under: Self.settings))
            }
            #expect(incident.prefix(60).count(where: \.self) > 40, "seed \(seed): not for an hour")
            #expect(!incident.suffix(60).contains(true), "seed \(seed): still after three")
        }
    }

    private static let runs = 150
    private static let fewRuns = 60
}

/// Counts of two arms that fail alike, unless ``ratio`` says otherwise.
struct SimulatedArms {
    var base: Double
    var perMinute: Double
    /// How many times as often as usual both arms fail.
    var factor = 1.0
    /// A difference of shares that both arms have on top.
    var addition = 0.0
    /// How many times as often the treatment fails.
    var ratio = 1.0
    private var random: SplitMix64

    init(base: Double, perMinute: Double, seed: UInt64) {
        self.base = base
        self.perMinute = perMinute
        random = SplitMix64(seed: seed)
    }

    mutating func withHistory(looks: Int) -> SequentialComparison {
        var all = ArmCount()
        for _ in 0..<60 { all = all + arm(perMinute) }
        let scale = Double(looks) / 60
        let history = ArmCount(exposures: all.exposures * scale, failures: all.failures * scale)
        return SequentialComparison(dispersionPrior: 1.05, history: history, over: looks)
    }

    mutating func look(share: Double) -> ComparedCounts {
        ComparedCounts(
            treatment: arm(perMinute * share, times: ratio),
            control: arm(perMinute * (1 - share))
        )
    }

    private mutating func arm(_ expected: Double, times ratio: Double = 1) -> ArmCount {
        let exposures = random.poisson(mean: expected)
        let failures = random.binomial(of: exposures, ratio: min(1, base * factor * ratio + addition))
        return ArmCount(exposures: Double(exposures), failures: Double(failures))
    }
}
