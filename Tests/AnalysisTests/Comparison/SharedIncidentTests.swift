import Analysis
import Testing

@Suite("An incident that hits both arms")
struct SharedIncidentTests {
    private static let rollouts: UInt64 = 200

    /// Looks of a step, the third to the twelfth of them in an incident that makes both arms fail ten times as often.
    private static func firstVerdict(in rollout: RandomRollout, looks: Int = 60) -> (
        ComparisonVerdict, look: Int
    ) {
        let settings = ComparisonSettings()
        var rollout = rollout
        // Of a day: what was seen of the control in two looks alone is soon outweighed by an incident.
        let exposures = 1_440 * rollout.traffic
        let history = ArmCount(exposures: exposures, failures: exposures * rollout.base)
        var comparison = SequentialComparison(dispersionPrior: 1, history: history, over: 1_440)
        let next = rollout.traffic * min(0.95, 5 * rollout.share)
        comparison.begin(StepOutlook(share: rollout.share, nextExposures: next), under: settings)
        for look in 0..<looks {
            let counts = rollout.counts(incident: incident.contains(look) ? 10 : 1)
            comparison.look(at: counts, under: settings)
            let verdict = comparison.verdict(under: settings)
            if verdict != .undecided { return (verdict, look) }
        }
        return (.undecided, looks)
    }

    private static let incident = 2..<12

    /// How many of many rollouts end so.
    private static func count(_ verdict: ComparisonVerdict, _ rollout: (UInt64) -> RandomRollout) -> Int {
        (1...rollouts).count { firstVerdict(in: rollout($0)).0 == verdict }
    }

    @Test(
        "lets nothing pass while it lasts, and harmless treatments afterwards",
        arguments: [(1_200.0, 0.02), (30_000, 0.001), (30_000, 0.005)],
        [0.1, 0.5]
    )
    func promoted(service: (traffic: Double, base: Double), share: Double) {
        var (during, afterwards) = (0, 0)
        for seed in 1...Self.rollouts {
            let (verdict, look) = Self.firstVerdict(
                in: RandomRollout(seed: seed, traffic: service.traffic, share: share, base: service.base)
            )
            guard verdict == .harmless else { continue }
            if Self.incident.contains(look) { during += 1 } else { afterwards += 1 }
        }
        #expect(during == 0, "\(during) of \(Self.rollouts), seeds 1…\(Self.rollouts)")
        #expect(afterwards >= 190, "\(afterwards) of \(Self.rollouts), seeds 1…\(Self.rollouts)")
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

    @Test(
        "does not let a treatment pass afterwards that is at the border of the tolerated",
        arguments: [0.1, 0.5]
    )
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

    @Test("of an earlier step does not loosen what the last one is held against", arguments: [2.0, 3])
    func lastStep(ratio: Double) {
        let settings = ComparisonSettings()
        let passed = (1...Self.rollouts).count { seed in
            var comparison = SequentialComparison(dispersionPrior: 1)
            var early = RandomRollout(seed: seed, traffic: 1_200, share: 0.1, base: 0.005)
            comparison.begin(StepOutlook(share: 0.1, nextExposures: 600), under: settings)
            for look in 0..<30 {
                comparison.look(at: early.counts(incident: (8..<20).contains(look) ? 10 : 1), under: settings)
            }
            var late = RandomRollout(seed: seed, traffic: 1_200, share: 0.95, base: 0.005, ratio: ratio)
            comparison.begin(StepOutlook(share: 0.95, nextExposures: 1_200, isLast: true), under: settings)
            for _ in 0..<60 {
                comparison.look(at: late.counts(), under: settings)
                let verdict = comparison.verdict(under: settings)
                if verdict != .undecided { return verdict == .harmless }
            }
            return false
        }
        #expect(passed <= 10, "\(passed) of \(Self.rollouts), seeds 1…\(Self.rollouts)")
    }
}
