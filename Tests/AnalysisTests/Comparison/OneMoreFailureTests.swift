import Analysis
import Testing

@Suite("One more failure")
struct OneMoreFailureTests {
    /// For what doubles lose in sums of large numbers.
    private static func isAtMost(_ one: Double, _ other: Double) -> Bool {
        one <= other + 1e-9 * max(1, other.magnitude)
    }

    /// Brings a comparison to a random place in a random rollout.
    private static func comparison(in rollout: inout RandomRollout, under settings: ComparisonSettings)
        -> SequentialComparison
    {
        let history = ArmCount(exposures: 90_000, failures: 400)
        var comparison = SequentialComparison(dispersionPrior: 1, history: history)
        repeat {
            comparison.begin(rollout.outlook(isLast: rollout.happens(0.3)), under: settings)
            repeat {
                comparison.look(at: rollout.counts(), under: settings)
            } while rollout.happens(0.8)
        } while rollout.happens(0.4)
        return comparison
    }

    @Test(
        "of the treatment is never less evidence of harm, and never more of harmlessness",
        arguments: 1...60 as ClosedRange<UInt64>
    )
    func treatment(seed: UInt64) {
        let settings = ComparisonSettings()
        var rollout = RandomRollout(seed: seed)
        let start = Self.comparison(in: &rollout, under: settings)
        var counts = rollout.counts()
        let most = counts.treatment.exposures
        var last: SequentialComparison?
        for failures in stride(from: 0, through: most, by: max(1, (most / 40).rounded(.down))) {
            counts.treatment.failures = failures
            var next = start
            next.look(at: counts, under: settings)
            if let last {
                #expect(
                    Self.isAtMost(last.evidenceOfHarm, next.evidenceOfHarm),
                    "seed \(seed), \(failures) of \(most)"
                )
                #expect(
                    Self.isAtMost(next.evidenceOfHarmlessness, last.evidenceOfHarmlessness),
                    "seed \(seed), \(failures) of \(most)"
                )
            }
            last = next
        }
    }

    @Test(
        "of the control is never more evidence of harm, and never less of harmlessness until it is an incident",
        arguments: 1...60 as ClosedRange<UInt64>
    )
    func control(seed: UInt64) {
        var settings = ComparisonSettings()
        // So many failures of the control that they are an incident give evidence of harmlessness away, on purpose.
        settings.holdsDuringIncidents = false
        var rollout = RandomRollout(seed: seed)
        let start = Self.comparison(in: &rollout, under: settings)
        var counts = rollout.counts()
        let most = counts.control.exposures
        var last: SequentialComparison?
        for failures in stride(from: 0, through: most, by: max(1, (most / 40).rounded(.down))) {
            counts.control.failures = failures
            var next = start
            next.look(at: counts, under: settings)
            if let last {
                #expect(
                    Self.isAtMost(next.evidenceOfHarm, last.evidenceOfHarm),
                    "seed \(seed), \(failures) of \(most)"
                )
                // From then on what was won is forgotten.
                let limit = next.isIncident(under: settings) ? 0 : Double.infinity
                #expect(
                    Self.isAtMost(min(limit, last.evidenceOfHarmlessness), next.evidenceOfHarmlessness),
                    "seed \(seed), \(failures) of \(most)"
                )
                #expect(Self.isAtMost(next.evidenceOfHarmlessness, limit), "seed \(seed)")
            }
            last = next
        }
    }

    @Test("does change both, where arms are compared")
    func changes() {
        let settings = ComparisonSettings()
        func looked(_ failures: Double, _ controls: Double) -> SequentialComparison {
            var comparison = SequentialComparison(dispersionPrior: 1)
            comparison.begin(StepOutlook(share: 0.1, nextExposures: 600), under: settings)
            for _ in 0..<2 {
                comparison.look(
                    at: ComparedCounts(
                        treatment: ArmCount(exposures: 100, failures: failures),
                        control: ArmCount(exposures: 900, failures: controls)
                    ),
                    under: settings
                )
            }
            return comparison
        }
        #expect(looked(1, 9).evidenceOfHarm < looked(2, 9).evidenceOfHarm)
        #expect(looked(1, 9).evidenceOfHarmlessness > looked(2, 9).evidenceOfHarmlessness)
        #expect(looked(1, 9).evidenceOfHarm > looked(1, 10).evidenceOfHarm)
        #expect(looked(1, 9).evidenceOfHarmlessness < looked(1, 10).evidenceOfHarmlessness)
    }
}
