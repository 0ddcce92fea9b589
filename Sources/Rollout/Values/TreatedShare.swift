package import Assignment

extension HashAlgorithm {
    /// The share of clients that are really treated at a published share, from 0 to 1.
    ///
    /// Not quite the same: GrowthBook treats one bucket of 10,000 more.
    package func treatedShare(at share: Percentage) -> Double {
        Double(treatedBuckets(at: share)) / Double(bucketCount)
    }
}
