package import Assignment

/// Whether everybody treated at one step of a policy is treated at all later ones, looked at bucket by bucket.
///
/// Then going up only adds clients, and going back to a lower share exposes nobody new.
package struct CohortProof: Sendable, Equatable {
    /// The shares in order.
    package var shares: [Percentage]
    /// How many buckets were looked at, which are all that the algorithm has.
    package var bucketCount: UInt32
    /// The first share that loses a client, and the bucket it is in; nil where cohorts only grow.
    package var loss: Loss?

    /// Somebody who would be treated first and then not.
    package struct Loss: Sendable, Equatable {
        package var before: Percentage
        package var after: Percentage
        package var bucket: UInt32
    }

    /// Looks at the ladder of an algorithm's shares.
    package init(_ algorithm: HashAlgorithm, over shares: [Percentage]) {
        self.shares = shares
        bucketCount = algorithm.bucketCount
        loss =
            zip(shares, shares.dropFirst()).lazy.compactMap { before, after in
                algorithm.firstBucketLost(from: before, to: after).map {
                    Loss(before: before, after: after, bucket: $0)
                }
            }
            .first
    }
}

extension Policy {
    /// The proof over the policy's whole ladder.
    package var cohorts: CohortProof { CohortProof(algorithm, over: steps.map(\.percentage)) }
}
