import Assignment
import Rollout

/// How the time before a rollout is cut.
struct PastCut: Sendable, Hashable {
    var from: Timestamp
    var interval: Span
    /// How many intervals follow each other.
    var count: Int
}

extension HistoryQuestion {
    var cut: PastCut { PastCut(from: from, interval: interval, count: count) }
}

extension Conditions {
    /// What the service counted before the rollout, interval by interval: nobody had the treatment.
    ///
    /// - Parameters:
    ///   - cut: The intervals.
    ///   - seed: The same past for the same seed, whatever is asked of it.
    /// - Returns: One count for each interval, independent of each other.
    func past(_ cut: PastCut, seed: UInt64) -> [Counts] {
        // Another sequence than that of the service's life from the start on.
        var random = SplitMix64(seed: ~seed)
        let half = Span(milliseconds: cut.interval.milliseconds / 2)
        return (0..<max(0, cut.count)).map { index in
            let middle = cut.from + cut.interval * Int64(index) + half
            let exposures = random.poisson(mean: requestsPerSecond(at: middle) * cut.interval.seconds)
            let failures = random.binomial(of: exposures, ratio: baseline(at: middle).ratio)
            return Counts(failures: failures, failuresWithinLimits: failures, exposures: exposures)
        }
    }
}
