/// Says which variant a client gets under one allocation.
///
/// Make one whenever the allocation changes and ask it for every client: the salt is hashed once, and asking
/// allocates nothing. Equal allocations give equal answers in every process and on every machine.
///
/// ```swift
/// let assigner = Assigner(allocation)
/// assigner.assign("3ceaaf30-8142-48ea-91d9-3080f9b439fc").variant  // .treatment or .control
/// ```
///
/// The bucket is flagd's, second generation: `(murmur3_x86_32(salt + key, seed: 0) * 100000) >> 32` over UTF-8
/// bytes and in integers only. A client is treated while its bucket is below the percentage's, so raising the
/// percentage only adds clients, and an OpenFeature flagd provider with the flag's key for a salt and
/// `{"fractional": [["treatment", n], ["control", 100000 - n]]}` gives the same answers.
///
/// Keys in ASCII are the same bytes everywhere. Beyond ASCII, some flagd SDKs hash UTF-16 or replace characters,
/// and two spellings of one accented letter are two keys.
public struct Assigner: Sendable, Equatable {
    /// What clients are assigned under.
    public let allocation: Allocation
    /// The hash with the salt already in it.
    private let salted: Murmur3

    /// Prepares to assign clients.
    public init(_ allocation: Allocation) {
        self.allocation = allocation
        var salted = Murmur3()
        salted.absorb(allocation.salt)
        self.salted = salted
    }

    /// What a client gets.
    ///
    /// A disabled flag and an empty key give control; nobody is ever assigned at random.
    ///
    /// - Parameter key: What identifies the client, always the same for the same client; any text.
    /// - Returns: The variant, the bucket behind it and the reason.
    public func assign(_ key: String) -> Assigned {
        assigned(to: key)
    }

    /// What a client gets, whose key is part of a longer text such as a header.
    ///
    /// A disabled flag and an empty key give control; nobody is ever assigned at random.
    ///
    /// - Parameter key: What identifies the client, always the same for the same client; any text.
    /// - Returns: The variant, the bucket behind it and the reason.
    public func assign(_ key: Substring) -> Assigned {
        assigned(to: key)
    }

    private func assigned(to key: some StringProtocol) -> Assigned {
        guard allocation.enabled else {
            return Assigned(variant: .control, bucket: nil, reason: .disabled)
        }
        guard !key.isEmpty else {
            return Assigned(variant: .control, bucket: nil, reason: .targetingKeyMissing)
        }
        let bucket = bucket(of: key)
        return Assigned(
            variant: bucket < allocation.percentage.buckets ? .treatment : .control,
            bucket: bucket,
            reason: .split
        )
    }

    private func bucket(of key: some StringProtocol) -> UInt32 {
        switch allocation.algorithm {
        case .flagdV2:
            var hash = salted
            hash.absorb(key)
            return Self.bucket(ofHash: hash.hash)
        }
    }

    /// A hash scaled to the buckets: each gets 42,949 or 42,950 of the 2³² hashes.
    static func bucket(ofHash hash: UInt32) -> UInt32 {
        let product = UInt64(hash) * UInt64(Percentage.bucketCount)
        return UInt32(truncatingIfNeeded: product >> 32)
    }
}
