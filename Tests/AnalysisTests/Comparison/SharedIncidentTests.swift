import Analysis
import Testing

@Suite("An incident that hits both arms")
struct SharedIncidentTests {
    private static let rollouts: UInt64 = 200

    /// Looks of a step, the third to the twelfth of them in an incident that makes both arms fail ten times as often.
    private static func firstVerdict(in rollout: RandomRollout, looks: Int = 18) -> ComparisonVerdict {
        let settings = ComparisonSettings()
        var rollout = rollout
        var comparison = SequentialComparison(dispersionPrior: 1)
        let next = rollout.traffic * min(0.95, 5 * rollout.share)
        comparison.begin(StepOutlook(share: rollout.share, nextExposures: next), under: settings)
        for look in 0..<looks {
            let counts = rollout.counts(incident: (2..<12).contains(look) ? 10 : 1)
            comparison.look(at: counts, under: settings)
            let verdict = comparison.verdict(under: settings)
            if verdict != .undecided { return verdict }
        }
        return .undecided
    }

    /// How many of many rollouts end so.
    private static func count(_ verdict: ComparisonVerdict, _ rollout: (UInt64) -> RandomRollout) -> Int {
        (1...rollouts).count { firstVerdict(in: rollout($0)) == verdict }
    }

    @Test(
        "is not blamed on the treatment",
        arguments: [(60.0, 0.02), (1_200, 0.005), (30_000, 0.001)],
        [0.1, 0.5]
    )
    func harmless(service: (traffic: Double, base: Double), share: Double) {
        let harmful = Self.count(.harmful) { seed in
            RandomRollout(seed: seed, traffic: service.traffic, share: share, base: service.base)
        }
        // No more than α promises: 0.9 % of them. Chance may add as many again.
        #expect(harmful <= 4, "\(harmful) of \(Self.rollouts), seeds 1…\(Self.rollouts)")
    }

    @Test("does not let a treatment pass that is at the border of the tolerated", arguments: [0.1, 0.5])
    func atTheBorder(share: Double) {
        let settings = ComparisonSettings()
        let traffic = 1_200.0
        let passed = Self.count(.harmless) { seed in
            RandomRollout(
                seed: seed,
                traffic: traffic,
                share: share,
                base: 0.005,
                ratio: settings.toleratedRatio,
                addition: settings.addition(expecting: traffic * min(0.95, 5 * share))
            )
        }
        // β is 5 % of them.
        #expect(passed <= 16, "\(passed) of \(Self.rollouts), seeds 1…\(Self.rollouts)")
    }

    @Test("does not hide a treatment that fails five times as often", arguments: [0.1, 0.5])
    func harmful(share: Double) {
        let harmful = Self.count(.harmful) { seed in
            RandomRollout(seed: seed, traffic: 1_200, share: share, base: 0.005, ratio: 5)
        }
        #expect(harmful >= 195, "\(harmful) of \(Self.rollouts), seeds 1…\(Self.rollouts)")
    }
}
