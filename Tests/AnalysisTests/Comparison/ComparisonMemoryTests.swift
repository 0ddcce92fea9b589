import Analysis
import FoundationEssentials
import Testing

@Suite("A comparison that is saved after every look")
struct ComparisonMemoryTests {
    /// Through JSON and back.
    ///
    /// - Throws: Where a number is not finite, which JSON has no word for.
    private static func saved(_ comparison: SequentialComparison) throws -> SequentialComparison {
        try JSONDecoder().decode(SequentialComparison.self, from: JSONEncoder().encode(comparison))
    }

    @Test("says what one says that is kept, bit for bit", arguments: 1...30 as ClosedRange<UInt64>)
    func everyLook(seed: UInt64) throws {
        let settings = ComparisonSettings()
        var rollout = RandomRollout(seed: seed)
        var kept = SequentialComparison(
            dispersionPrior: rollout.happens(0.5) ? 1 : 1.1,
            history: ArmCount(exposures: 72_000, failures: 361)
        )
        var saved = try Self.saved(kept)
        for step in 0..<3 {
            let outlook = rollout.outlook(isLast: step == 2)
            kept.begin(outlook, under: settings)
            saved.begin(outlook, under: settings)
            for look in 0..<20 {
                let counts = rollout.counts(incident: rollout.happens(0.1) ? 3 : 1)
                if rollout.happens(0.1) {
                    kept.lookAtSilence(beside: counts.control)
                    saved.lookAtSilence(beside: counts.control)
                } else {
                    let isSettled = look > 2 || rollout.happens(0.5)
                    kept.look(at: counts, isSettled: isSettled, under: settings)
                    saved.look(at: counts, isSettled: isSettled, under: settings)
                }
                saved = try Self.saved(saved)
                let place = Comment("seed \(seed), step \(step), look \(look)")
                #expect(saved == kept, place)
                #expect(saved.evidenceOfHarm.bitPattern == kept.evidenceOfHarm.bitPattern, place)
                #expect(
                    saved.evidenceOfHarmlessness.bitPattern == kept.evidenceOfHarmlessness.bitPattern,
                    place
                )
                #expect(saved.factor(under: settings) == kept.factor(under: settings), place)
                #expect(saved.verdict(under: settings) == kept.verdict(under: settings), place)
            }
        }
        #expect(saved.leastRatio(under: settings) == kept.leastRatio(under: settings), "seed \(seed)")
        #expect(saved.largestRatio(under: settings) == kept.largestRatio(under: settings), "seed \(seed)")
    }

    @Test("can be saved before anything was looked at")
    func unused() throws {
        var comparison = SequentialComparison(dispersionPrior: 3)
        #expect(try Self.saved(comparison) == comparison)
        comparison.begin(StepOutlook(share: nil, nextExposures: nil), under: ComparisonSettings())
        #expect(try Self.saved(comparison) == comparison)
    }

    @Test("can be saved when hardly anything is bet, everything, and nothing any more")
    func stakes() throws {
        for (stake, later) in [(1e-300, 0.5), (0.5, 0), (1, 1)] {
            var settings = ComparisonSettings()
            settings.regressionStakes = ComparisonSettings.Stakes(
                first: stake,
                step: later,
                later: .constant(later)
            )
            settings.improvementStakes = settings.regressionStakes
            var comparison = SequentialComparison(dispersionPrior: 1)
            comparison.begin(StepOutlook(share: 0.1, nextExposures: 600), under: settings)
            var rollout = RandomRollout(seed: 3, traffic: 900, share: 0.1, base: 0.01)
            for _ in 0..<4 {
                comparison.look(at: rollout.counts(), under: settings)
                #expect(try Self.saved(comparison) == comparison, "stake \(stake)")
                #expect(comparison.evidenceOfHarm.isFinite, "stake \(stake)")
            }
        }
    }

    @Test("stays small, however many steps it has seen")
    func size() throws {
        let settings = ComparisonSettings()
        var comparison = SequentialComparison(dispersionPrior: 1)
        var rollout = RandomRollout(seed: 9, traffic: 900, share: 0.1, base: 0.01)
        for _ in 0..<200 {
            comparison.begin(rollout.outlook(), under: settings)
            comparison.look(at: rollout.counts(), under: settings)
        }
        #expect(try JSONEncoder().encode(comparison).count < 6_000)
    }
}
