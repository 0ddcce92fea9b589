import Assignment
import Rollout

extension Conditions {
    /// What the service counted before the rollout, interval by interval: nobody had the treatment.
    ///
    /// - Parameters:
    ///   - question: Where the past begins, and how it is cut.
    ///   - seed: The same past for the same seed, whatever is asked of it.
    /// - Returns: One count for each interval, independent of each other.
    func past(of question: HistoryQuestion, seed: UInt64) -> [Counts] {
        // Another sequence than that of the service's life from the start on.
        var random = SplitMix64(seed: ~seed)
        let half = Span(milliseconds: question.interval.milliseconds / 2)
        return (0..<max(0, question.count)).map { index in
            let middle = question.from + question.interval * Int64(index) + half
            let exposures = random.poisson(mean: requestsPerSecond(at: middle) * question.interval.seconds)
            let failures = random.binomial(of: exposures, ratio: baseline(at: middle).ratio)
            return Counts(failures: failures, failuresWithinLimits: failures, exposures: exposures)
        }
    }
}
