/// Says which variant a client gets under one allocation.
///
/// Make one whenever the allocation changes and ask it for every client: the salt is hashed once, and asking
/// allocates nothing. Equal allocations give equal answers in every process, on every machine, and in every SDK of
/// the product that ``HashAlgorithm`` names.
///
/// ```swift
/// let assigner = Assigner(allocation, flag: "sse")
/// assigner.assign("3ceaaf30-8142-48ea-91d9-3080f9b439fc").variant  // .treatment or .control
/// ```
///
/// A client is treated while its bucket is below ``HashAlgorithm/treatedBuckets(at:)``, so raising the percentage
/// only adds clients. With flagd, `{"fractional": [["treatment", n], ["control", 100000 - n]]}` says the same.
///
/// Keys in ASCII are the same bytes everywhere. Beyond ASCII, some SDKs hash UTF-16 or replace characters, and two
/// spellings of one accented letter are two keys.
public struct Assigner: Sendable, Equatable {
    /// What clients are assigned under.
    public let allocation: Allocation
    /// The attribute of a client that is its key; see ``assign(context:)``.
    public let bucketBy: String
    private let overrides: Overrides
    private let salted: SaltedHash
    private let cohort: Cohort
    /// Whether nothing but the key decides, by the default algorithm: then one test replaces several.
    private let isPlain: Bool

    /// Prepares to assign clients.
    ///
    /// - Parameters:
    ///   - allocation: What is published about the flag.
    ///   - flag: The flag's key. It matters to `flagd-v3` alone, which hashes a salt that is not the flag's key in
    ///     another form; nil means that it is.
    ///   - bucketBy: The attribute that is a client's key, in contexts with several.
    ///   - overrides: Clients whose variant their bucket does not decide.
    public init(
        _ allocation: Allocation,
        flag: String? = nil,
        bucketBy: String = "targetingKey",
        overrides: Overrides = .none
    ) {
        self.allocation = allocation
        self.bucketBy = bucketBy
        self.overrides = overrides
        salted = SaltedHash(allocation.algorithm, salt: allocation.salt, flag: flag ?? allocation.salt)
        cohort = Cohort(allocation.algorithm, at: allocation.exposure)
        isPlain = allocation.enabled && overrides == .none && salted.isText
    }

    /// What a client gets.
    ///
    /// A disabled flag and a missing or empty key give control; nobody is ever assigned at random.
    ///
    /// - Parameter key: What identifies the client, always the same for the same client; any text.
    /// - Returns: The variant, the bucket behind it and the reason.
    public func assign(_ key: String) -> Assigned {
        let assigned = key.utf8.withContiguousStorageIfAvailable { assign(UnsafeRawBufferPointer($0)) }
        guard let assigned else { return assign(copying: key) }
        return assigned
    }

    /// What a client gets, whose key is part of a longer text such as a header.
    ///
    /// - Parameter key: As in ``assign(_:)-(String)``.
    /// - Returns: The variant, the bucket behind it and the reason.
    public func assign(_ key: Substring) -> Assigned {
        let assigned = key.utf8.withContiguousStorageIfAvailable { assign(UnsafeRawBufferPointer($0)) }
        guard let assigned else { return assign(copying: key) }
        return assigned
    }

    /// What a client gets, whose key may be missing.
    ///
    /// - Parameter key: As in ``assign(_:)-(String)``; nil gives control.
    /// - Returns: The variant, the bucket behind it and the reason.
    public func assign(_ key: String?) -> Assigned {
        let text: String = key ?? ""
        return assign(text)
    }

    /// What a client gets, whose key is given as UTF-8 bytes.
    ///
    /// - Parameter key: As in ``assign(_:)-(String)``.
    /// - Returns: The variant, the bucket behind it and the reason.
    public func assign(utf8 key: Span<UInt8>) -> Assigned {
        key.withUnsafeBytes { assign($0) }
    }

    /// What a client gets, of whom several things are known.
    ///
    /// - Parameter context: The client's attributes; the one named by ``bucketBy`` is its key.
    /// - Returns: The variant, the bucket behind it and the reason.
    public func assign(context: [String: String]) -> Assigned {
        assign(context[bucketBy])
    }

    /// Whether the clients of a bucket are treated; the decision behind every answer with the reason `split`.
    public func treats(bucket: UInt32) -> Bool { cohort.treats(bucket: bucket) }

    /// For texts of Objective-C, which have no UTF-8 of their own.
    @inline(never)
    private func assign(copying key: some StringProtocol) -> Assigned {
        Array(key.utf8).withUnsafeBytes { assign($0) }
    }

    @inline(__always)
    private func assign(_ key: UnsafeRawBufferPointer) -> Assigned {
        guard key.count >= 4, isPlain else { return assignCarefully(key) }
        return split(salted.bucketOfText(key))
    }

    /// Everything that an assigner without overrides never meets, apart, so that it costs nothing there.
    @inline(never)
    private func assignCarefully(_ key: UnsafeRawBufferPointer) -> Assigned {
        guard allocation.enabled else {
            return Assigned(variant: .control, bucket: nil, reason: .disabled)
        }
        guard !key.isEmpty else {
            return Assigned(variant: .control, bucket: nil, reason: .targetingKeyMissing)
        }
        if let variant = overrides.variant(of: key) {
            return Assigned(variant: variant, bucket: nil, reason: .targetingMatch)
        }
        return split(salted.bucket(of: key))
    }

    private func split(_ bucket: UInt32) -> Assigned {
        Assigned(variant: treats(bucket: bucket) ? .treatment : .control, bucket: bucket, reason: .split)
    }
}
