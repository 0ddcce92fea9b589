/// A salt made ready for every client: all that can be computed before the key is known.
struct SaltedHash: Sendable, Equatable {
    private let preparation: Preparation

    private enum Preparation: Sendable, Equatable {
        /// flagd's second generation: the salt is absorbed, the key follows.
        case flagdText(Murmur3)
        /// flagd's third: the head of a pair and the flag's key are absorbed, the client's key follows as a text.
        case flagdPair(Murmur3)
        /// flagd's third with a salt that is not the flag's key: one text of salt and key, whose head has its length.
        case flagdSaltedText(salt: String)
        /// Unleash: salt and colon are absorbed.
        case unleash(Murmur3)
        /// GrowthBook: the seed is absorbed.
        case growthbook(FNV1a)
    }

    init(_ algorithm: HashAlgorithm, salt: String, flag: String) {
        switch algorithm {
        case .flagdV2:
            preparation = .flagdText(Murmur3(absorbing: salt))
        case .flagdV3 where salt.utf8.elementsEqual(flag.utf8):
            var hash = Murmur3()
            hash.absorb(DeterministicCBOR.pair)
            DeterministicCBOR.absorbTextHead(flag.utf8.count, into: &hash)
            hash.absorb(flag)
            preparation = .flagdPair(hash)
        case .flagdV3:
            preparation = .flagdSaltedText(salt: salt)
        case .unleash:
            var hash = Murmur3(absorbing: salt)
            hash.absorb(UInt8(ascii: ":"))
            preparation = .unleash(hash)
        case .growthbookV2:
            var hash = FNV1a()
            hash.absorb(salt)
            preparation = .growthbook(hash)
        }
    }

    /// The bucket of a client, below the algorithm's ``HashAlgorithm/bucketCount``.
    func bucket(of key: some StringProtocol) -> UInt32 {
        switch preparation {
        case .growthbook(var hash):
            hash.absorb(key)
            return Self.growthbookBucket(hash)
        default:
            let bucket = key.utf8.withContiguousStorageIfAvailable { bytes in
                self.bucket(ofUTF8: UnsafeRawBufferPointer(bytes))
            }
            return bucket ?? Array(key.utf8).withUnsafeBytes { self.bucket(ofUTF8: $0) }
        }
    }

    /// The bucket of a client whose key is given as UTF-8 bytes.
    func bucket(ofUTF8 key: UnsafeRawBufferPointer) -> UInt32 {
        switch preparation {
        case .flagdText(var hash):
            hash.absorb(key)
            return Self.flagdBucket(hash)
        case .flagdPair(var hash):
            DeterministicCBOR.absorbTextHead(key.count, into: &hash)
            hash.absorb(key)
            return Self.flagdBucket(hash)
        case .flagdSaltedText(let salt):
            var hash = Murmur3()
            DeterministicCBOR.absorbTextHead(salt.utf8.count + key.count, into: &hash)
            hash.absorb(salt)
            hash.absorb(key)
            return Self.flagdBucket(hash)
        case .unleash(var hash):
            hash.absorb(key)
            return hash.hash % HashAlgorithm.unleash.bucketCount
        case .growthbook(var hash):
            _ = transcode(key.makeIterator(), from: UTF8.self, to: UTF16.self, stoppingOnError: false) {
                hash.absorb($0)
            }
            return Self.growthbookBucket(hash)
        }
    }

    /// A hash scaled to the buckets: each gets 42,949 or 42,950 of the 2³² hashes.
    private static func flagdBucket(_ hash: Murmur3) -> UInt32 {
        let product = UInt64(hash.hash) &* UInt64(Percentage.bucketCount)
        return UInt32(truncatingIfNeeded: product &>> 32)
    }

    private static func growthbookBucket(_ first: FNV1a) -> UInt32 {
        var second = FNV1a()
        second.absorb(decimal: first.hash)
        return second.hash % HashAlgorithm.growthbookV2.bucketCount
    }
}
