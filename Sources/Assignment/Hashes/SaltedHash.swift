/// A salt made ready for every client: all that can be computed before the key is known.
struct SaltedHash: Sendable, Equatable {
    /// How salt and key become one input.
    private enum Form {
        /// flagd's second generation: salt, key.
        case flagdText
        /// flagd's third, where the salt is the flag's key: a CBOR array of two texts.
        case flagdPair
        /// flagd's third with any other salt: one CBOR text, whose head in front has the length of salt and key.
        case flagdSaltedText
        /// Unleash: salt, colon, key.
        case unleash
        /// GrowthBook: salt, key, and a second hash over the digits of the first.
        case growthbook
    }

    private let form: Form
    private let salt: String
    /// Everything in front of the key; not used by GrowthBook, nor where the key's length comes first.
    private let murmur: Murmur3
    private let fnv: FNV1a

    init(_ algorithm: HashAlgorithm, salt: String, flag: String) {
        var murmur = Murmur3()
        var fnv = FNV1a()
        switch algorithm {
        case .flagdV2:
            form = .flagdText
            murmur.absorb(salt)
        case .flagdV3 where salt.utf8.elementsEqual(flag.utf8):
            form = .flagdPair
            murmur.absorb(DeterministicCBOR.pair)
            murmur.absorb(DeterministicCBOR.textHead(flag.utf8.count))
            murmur.absorb(flag)
        case .flagdV3:
            form = .flagdSaltedText
        case .unleash:
            form = .unleash
            murmur.absorb(salt)
            murmur.absorb(UInt8(ascii: ":"))
        case .growthbookV2:
            form = .growthbook
            Array(salt.utf8).withUnsafeBytes { fnv.absorb(utf8: $0) }
        }
        self.salt = salt
        self.murmur = murmur
        self.fnv = fnv
    }

    /// Whether ``bucketOfText(_:)`` may be asked: the default algorithm has no case to tell apart.
    var isText: Bool { form == .flagdText }

    /// The bucket of a client whose key is given as UTF-8 bytes, where ``isText``.
    @inline(__always)
    func bucketOfText(_ key: UnsafeRawBufferPointer) -> UInt32 {
        Self.flagdBucket(murmur.hash(appending: key))
    }

    /// The bucket of a client whose key is given as UTF-8 bytes, below the algorithm's `bucketCount`.
    func bucket(of key: UnsafeRawBufferPointer) -> UInt32 {
        switch form {
        case .flagdText:
            return bucketOfText(key)
        case .flagdPair:
            var murmur = murmur
            murmur.absorb(DeterministicCBOR.textHead(key.count))
            return Self.flagdBucket(murmur.hash(appending: key))
        case .flagdSaltedText:
            var murmur = Murmur3()
            murmur.absorb(DeterministicCBOR.textHead(salt.utf8.count + key.count))
            murmur.absorb(salt)
            return Self.flagdBucket(murmur.hash(appending: key))
        case .unleash:
            // Unleash counts its buckets from 1 and treats those up to the percentage.
            return murmur.hash(appending: key) % HashAlgorithm.unleash.bucketCount
        case .growthbook:
            var first = fnv
            first.absorb(utf8: key)
            var second = FNV1a()
            second.absorb(decimal: first.hash)
            return second.hash % HashAlgorithm.growthbookV2.bucketCount
        }
    }

    /// A hash scaled to the buckets: each gets 42,949 or 42,950 of the 2³² hashes.
    @inline(__always)
    private static func flagdBucket(_ hash: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (UInt64(hash) &* UInt64(Percentage.bucketCount)) &>> 32)
    }
}
