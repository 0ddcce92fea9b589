import Assignment

/// The proof that cohorts only grow, in full: every share and the next one, over every bucket.
///
/// The tests look at every share of the small algorithms and at some of flagd's 100,000; ten thousand million
/// decisions are for optimised code.
enum Cohorts {
    /// Prints what was proved; false when a client is lost.
    static func report() -> Bool {
        print("")
        row("cohorts", "shares", "buckets", "clients lost")
        // flagd's generations differ in the bytes they hash, not in what they do with a bucket.
        let reports = ([.unleash, .growthbookV2, .flagdV2] as [HashAlgorithm]).map(report)
        return reports.allSatisfy { $0 }
    }

    private static func report(_ algorithm: HashAlgorithm) -> Bool {
        let step = algorithm.finestStep.buckets
        var lost = 0
        var lower = Percentage.zero
        for number in 1...algorithm.bucketCount {
            guard let upper = Percentage(buckets: number * step) else { return false }
            if algorithm.firstBucketLost(from: lower, to: upper) != nil { lost += 1 }
            lower = upper
        }
        let buckets = "\(algorithm.bucketCount)"
        row("  \(algorithm.rawValue)", "\(algorithm.bucketCount + 1)", buckets, "\(lost)")
        return lost == 0 && lower == .hundred
    }
}
