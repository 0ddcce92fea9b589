/// The buckets that a share treats: what an assigner decides by, and what is proved about it.
package struct Cohort: Sendable, Equatable {
    private let algorithm: HashAlgorithm
    private let treatedBuckets: UInt32

    /// The buckets that an algorithm treats at a share.
    package init(_ algorithm: HashAlgorithm, at share: Percentage) {
        self.algorithm = algorithm
        treatedBuckets = algorithm.treatedBuckets(at: share)
    }

    /// Whether a bucket is treated.
    package func treats(bucket: UInt32) -> Bool { bucket < treatedBuckets }

    /// The first bucket that is treated here and not in another cohort of the same algorithm; nil when there is none.
    package func firstBucketLost(to other: Cohort) -> UInt32? {
        // Counted before it is looked for: a loop without a way out is several times as fast.
        var lost = 0
        var bucket: UInt32 = 0
        while bucket < algorithm.bucketCount {
            lost &+= treats(bucket: bucket) && !other.treats(bucket: bucket) ? 1 : 0
            bucket &+= 1
        }
        guard lost > 0 else { return nil }
        return (0..<algorithm.bucketCount).first { treats(bucket: $0) && !other.treats(bucket: $0) }
    }
}

extension HashAlgorithm {
    /// The first bucket whose clients lose the treatment when the share changes; nil when nobody does.
    ///
    /// Looks at every bucket through the decision that an ``Assigner`` makes, so nil is a proof: everybody treated
    /// before is treated after. Asked the other way round, nil proves that a lower share exposes nobody new.
    ///
    /// - Parameters:
    ///   - before: The share that was published.
    ///   - after: The share that is published next.
    /// - Returns: A bucket below ``bucketCount``, or nil.
    public func firstBucketLost(from before: Percentage, to after: Percentage) -> UInt32? {
        Cohort(self, at: before).firstBucketLost(to: Cohort(self, at: after))
    }
}
