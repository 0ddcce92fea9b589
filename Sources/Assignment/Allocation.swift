/// What is published about a flag: who gets the treatment, and which order of the controller says so.
public struct Allocation: Sendable, Hashable, Codable {
    /// Whether the flag is on at all; a disabled flag gives control to everybody whatever the percentage.
    public var enabled: Bool
    /// The share of clients that get the treatment while the flag is enabled.
    public var percentage: Percentage
    /// Mixed into every client's bucket; the same salt keeps the cohort the same people.
    ///
    /// The flag's name unless a policy says otherwise: that is what flagd mixes in.
    public var salt: String
    /// How a client's bucket is computed.
    public var algorithm: HashAlgorithm
    /// Which order of the controller this is; a document never goes back to an older one.
    public var revision: Int

    /// Makes an allocation from its parts.
    public init(
        enabled: Bool,
        percentage: Percentage,
        salt: String,
        algorithm: HashAlgorithm = .flagdV2,
        revision: Int
    ) {
        self.enabled = enabled
        self.percentage = percentage
        self.salt = salt
        self.algorithm = algorithm
        self.revision = revision
    }

    /// The share of clients that really get the treatment: zero while disabled.
    public var exposure: Percentage { enabled ? percentage : .zero }
}

extension Allocation {
    /// Whether two allocations are the same, the salt byte by byte.
    ///
    /// Two spellings of one accented letter are equal texts, but other bytes and so other buckets.
    public static func == (one: Allocation, other: Allocation) -> Bool {
        one.enabled == other.enabled && one.percentage == other.percentage && one.revision == other.revision
            && one.hashes(like: other)
    }

    /// Whether two allocations put every client into the same bucket: salt, byte by byte, and algorithm.
    ///
    /// Then the one with the larger share treats everybody the other treats.
    public func hashes(like other: Allocation) -> Bool {
        algorithm == other.algorithm && salt.utf8.elementsEqual(other.salt.utf8)
    }

    /// Feeds a hasher with what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(enabled)
        hasher.combine(percentage)
        hasher.combine(algorithm)
        hasher.combine(revision)
        // Equal bytes are equal texts, so their hashes agree.
        hasher.combine(salt)
    }
}
