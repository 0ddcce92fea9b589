/// What a number of events in so many runs says about their probability.
package enum ExactBound {
    /// The largest probability that is not refuted at 95 % by so few events (Clopper and Pearson 1934).
    ///
    /// - Parameters:
    ///   - events: 0 to `runs`.
    ///   - runs: Above 0.
    /// - Returns: 0…1; 1 without runs.
    package static func upper(_ events: Int, of runs: Int) -> Double {
        guard runs > 0, events < runs else { return 1 }
        var (low, high) = (Double(events) / Double(runs), 1.0)
        for _ in 0..<60 {
            let middle = 0.5 * (low + high)
            if atMost(events, of: runs, share: middle) > 0.05 { low = middle } else { high = middle }
        }
        return 0.5 * (low + high)
    }

    /// How probable at most so many events are.
    private static func atMost(_ events: Int, of runs: Int, share: Double) -> Double {
        guard share > 0 else { return 1 }
        guard share < 1 else { return 0 }
        let logOdds = Elementary.logarithm(share / (1 - share))
        var logTerm = Double(runs) * Elementary.logarithmOfOnePlus(-share)
        var sum = Elementary.exponential(logTerm)
        for event in stride(from: 1, through: events, by: 1) {
            logTerm += Elementary.logarithm(Double(runs - event + 1) / Double(event)) + logOdds
            sum += Elementary.exponential(logTerm)
        }
        return sum
    }
}
