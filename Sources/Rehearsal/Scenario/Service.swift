import Assignment
import Rollout
import Synchronization

/// A simulated service: requests come in, some fail, and its counters only rise.
///
/// Requests arrive at random (Poisson) and fail at random (binomial), from a seed.
///
/// From ceilings chance is cut off below their limits: a rehearsal shows what a policy does in a scenario, not how
/// often chance would deceive it. Comparisons are shown every failure. They are made for chance, and to cut it off
/// would deceive them: of an arm with few requests more is lost, as failures are whole, and that would look like a
/// difference between the arms. So a ceiling and a comparison of the same counters may see different numbers, but only
/// by what chance brought beyond the limit: of a failing treatment and of an incident nothing is cut off for either.
final class Service: Sendable {
    private let conditions: Conditions
    private let log: Mutex<Log>

    /// A service that begins at a moment, with all counters at 0.
    init(_ conditions: Conditions, seed: UInt64, from beginning: Timestamp) {
        self.conditions = conditions
        log = Mutex(Log(random: SplitMix64(seed: seed), cuts: [Cut(at: beginning)]))
    }

    /// Lets it live until a moment while a share of clients has the treatment.
    ///
    /// Costs the same however long that is. A moment that has passed already changes nothing.
    func live(through moment: Timestamp, exposing share: Percentage) {
        log.withLock { $0.live(through: moment, exposing: share, under: conditions) }
    }

    /// What an arm's counters showed at a moment; between two lived-through ones in proportion, rounded down.
    func counts(of arm: Arm, at moment: Timestamp) -> Counts {
        log.withLock { $0.cut(at: moment).counts(of: arm) }
    }

    /// How many clients had the treatment at a moment.
    func share(at moment: Timestamp) -> Percentage {
        log.withLock { $0.cut(at: moment).share }
    }

    /// What an arm's counters show now.
    func counts(of arm: Arm) -> Counts {
        log.withLock { $0.last.counts(of: arm) }
    }
}

/// Requests, and how many of them failed.
struct Counts: Sendable, Equatable {
    var failures = 0
    /// Those that ceilings are shown: without what chance brought beyond the limits.
    var failuresWithinLimits = 0
    var exposures = 0

    static func + (one: Counts, other: Counts) -> Counts {
        Counts(
            failures: one.failures + other.failures,
            failuresWithinLimits: one.failuresWithinLimits + other.failuresWithinLimits,
            exposures: one.exposures + other.exposures
        )
    }
}

/// All counters at one moment, and the share that had the treatment until then.
private struct Cut {
    var at: Timestamp
    var share = Percentage.zero
    var treatment = Counts()
    var control = Counts()

    func counts(of arm: Arm) -> Counts {
        switch arm {
        case .treatment: treatment
        case .control: control
        case .both: treatment + control
        }
    }
}

/// The service's life so far; never empty.
private struct Log {
    var random: SplitMix64
    var cuts: [Cut]

    var last: Cut { cuts[cuts.count - 1] }

    mutating func live(through moment: Timestamp, exposing share: Percentage, under conditions: Conditions) {
        let before = last
        guard moment > before.at else { return }
        let middle = before.at + Span(milliseconds: (moment - before.at).milliseconds / 2)
        let requests = conditions.requestsPerSecond(at: middle) * (moment - before.at).seconds
        let treated = share.percent / 100
        let baseline = conditions.baseline(at: middle)
        let failing: Double? = conditions.isTreatmentFailing(exposing: share) ? conditions.failingRatio : nil
        var cut = Cut(at: moment, share: share)
        cut.treatment = before.treatment + counts(of: requests * treated, failing, baseline)
        cut.control = before.control + counts(of: requests * (1 - treated), nil, baseline)
        cuts.append(cut)
    }

    private mutating func counts(
        of expected: Double,
        _ failing: Double?,
        _ baseline: (ratio: Double, most: Double)
    ) -> Counts {
        let exposures = random.poisson(mean: expected)
        let failures = random.binomial(of: exposures, ratio: failing ?? baseline.ratio)
        // Below the limit in every stretch, hence in every sum of stretches.
        let most = failing == nil ? Int(Double(exposures) * baseline.most) : exposures
        return Counts(
            failures: failures,
            failuresWithinLimits: min(failures, most),
            exposures: exposures
        )
    }

    /// The counters at any moment.
    func cut(at moment: Timestamp) -> Cut {
        // The first that is not earlier.
        var (low, high) = (0, cuts.count)
        while low < high {
            let middle = (low + high) / 2
            if cuts[middle].at < moment { low = middle + 1 } else { high = middle }
        }
        guard low < cuts.count else { return last }
        let later = cuts[low]
        guard later.at > moment, low > 0 else { return later }
        let earlier = cuts[low - 1]
        let part = (moment - earlier.at).seconds / (later.at - earlier.at).seconds
        return Cut(
            at: moment,
            share: later.share,
            treatment: earlier.treatment.grown(towards: later.treatment, by: part),
            control: earlier.control.grown(towards: later.control, by: part)
        )
    }
}

extension Counts {
    fileprivate func grown(towards later: Counts, by part: Double) -> Counts {
        func grown(_ count: KeyPath<Counts, Int>) -> Int {
            self[keyPath: count] + Int(Double(later[keyPath: count] - self[keyPath: count]) * part)
        }
        return Counts(
            failures: grown(\.failures),
            failuresWithinLimits: grown(\.failuresWithinLimits),
            exposures: grown(\.exposures)
        )
    }
}
