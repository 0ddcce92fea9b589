/// One of the two sides of a flag.
public enum Variant: String, Sendable, Hashable, Codable, CaseIterable {
    /// The new behaviour.
    case treatment
    /// The old behaviour, and everybody's when in doubt.
    case control
}

/// Why a client got its variant; the raw values are OpenFeature's words.
public enum AssignmentReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// The client's bucket decided, at 0 % and 100 % too.
    case split = "SPLIT"
    /// The client is named in a list that wins over its bucket.
    case targetingMatch = "TARGETING_MATCH"
    /// The flag is off, so everybody gets control.
    case disabled = "DISABLED"
    /// The key is missing or empty, so there is nothing to hash; OpenFeature carries this word as an error code.
    case targetingKeyMissing = "TARGETING_KEY_MISSING"
}

/// What one client gets under an allocation.
public struct Assigned: Sendable, Hashable, Codable {
    /// The side of the flag the client is on.
    public var variant: Variant
    /// The client's place among the algorithm's buckets, from 0; nil unless ``reason`` is `split`.
    ///
    /// Below ``HashAlgorithm/bucketCount``.
    public var bucket: UInt32?
    /// Why.
    public var reason: AssignmentReason

    /// Makes an answer from its parts.
    public init(variant: Variant, bucket: UInt32?, reason: AssignmentReason) {
        self.variant = variant
        self.bucket = bucket
        self.reason = reason
    }
}
