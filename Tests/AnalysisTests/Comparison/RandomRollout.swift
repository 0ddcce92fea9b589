import Analysis
import Assignment
import Rehearsal

/// A service under a rollout, made up: the same for the same seed.
struct RandomRollout {
    private var random: SplitMix64
    /// Exposures of both arms together, expected in a look.
    var traffic: Double
    /// The share of clients that has the treatment.
    var share: Double
    /// The control's share of failures.
    var base: Double
    /// How many times as often the treatment fails.
    var ratio = 1.0
    /// A difference of shares that comes on top.
    var addition = 0.0

    /// One of a few services that differ a lot.
    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        traffic = [40, 600, 20_000].randomElement(using: &random) ?? 600
        share = [0.05, 0.1, 0.5, 0.95].randomElement(using: &random) ?? 0.1
        base = [0, 0.001, 0.02, 0.3].randomElement(using: &random) ?? 0.02
        ratio = [0.5, 1, 1, 2].randomElement(using: &random) ?? 1
    }

    init(seed: UInt64, traffic: Double, share: Double, base: Double, ratio: Double = 1, addition: Double = 0)
    {
        random = SplitMix64(seed: seed)
        self.traffic = traffic
        self.share = share
        self.base = base
        self.ratio = ratio
        self.addition = addition
    }

    /// Counts of one more look.
    ///
    /// - Parameter incident: How many times as often as usual both arms fail.
    /// - Returns: Different counts every time.
    mutating func counts(incident: Double = 1) -> ComparedCounts {
        let control = base * incident
        return ComparedCounts(
            treatment: arm(expecting: traffic * share, failing: ratio * control + addition),
            control: arm(expecting: traffic * (1 - share), failing: control)
        )
    }

    private mutating func arm(expecting mean: Double, failing share: Double) -> ArmCount {
        let exposures = random.poisson(mean: mean)
        let failures = random.binomial(of: exposures, ratio: min(1, share))
        return ArmCount(exposures: Double(exposures), failures: Double(failures))
    }

    /// What is known of a step at its beginning, drawn at random.
    mutating func outlook(isLast: Bool = false) -> StepOutlook {
        StepOutlook(
            share: share,
            nextExposures: random.unit() < 0.8 ? traffic * min(1, 2 * share) : nil,
            hasControl: random.unit() < 0.8,
            isLast: isLast,
            objective: random.unit() < 0.2 ? 0.01 : nil
        )
    }

    /// Whether something happens that is as probable as this.
    mutating func happens(_ probability: Double) -> Bool { random.unit() < probability }
}
