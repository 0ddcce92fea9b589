/// How a client's bucket is computed; changing it moves clients between variants.
///
/// Each gives the answers of another product's SDKs, so that a service in any language agrees with ``Assigner``. All
/// are monotone: a larger share keeps everybody a smaller one treats.
public enum HashAlgorithm: String, Sendable, Hashable, Codable, CaseIterable {
    /// flagd's `fractional`, second generation: murmur3 over `salt + key`, integers only.
    ///
    /// What flagd 0.15 and the OpenFeature providers for Go, Java, JavaScript and .NET compute.
    case flagdV2 = "flagd-v2"
    /// flagd's `fractional`, third generation: murmur3 over deterministic CBOR (RFC 8949 §4.2.1).
    ///
    /// What the OpenFeature provider for Python computes from 0.6.
    case flagdV3 = "flagd-v3"
    /// Unleash's gradual rollout with the salt as its `groupId`: murmur3 over `salt:key`, modulo 100.
    case unleash
    /// GrowthBook's hash version 2 with the salt as its `seed`: FNV-1a twice, modulo 10,000.
    case growthbookV2 = "growthbook-v2"
}

extension HashAlgorithm {
    /// How many buckets clients are sorted into.
    public var bucketCount: UInt32 {
        switch self {
        case .flagdV2, .flagdV3: Percentage.bucketCount
        case .unleash: 100
        case .growthbookV2: 10_000
        }
    }

    /// The finest step between two shares that the algorithm tells apart.
    public var finestStep: Percentage {
        Percentage(buckets: Percentage.bucketCount / bucketCount) ?? .hundred
    }

    /// Whether a share is a whole number of this algorithm's buckets.
    public func expresses(_ share: Percentage) -> Bool {
        share.buckets.isMultiple(of: finestStep.buckets)
    }

    /// How many of the buckets are treated at a share, counted from bucket 0.
    ///
    /// A share this algorithm cannot express is rounded down. GrowthBook's rule is `n <= coverage`, which treats one
    /// bucket more than the share says, but nobody at 0 %.
    public func treatedBuckets(at share: Percentage) -> UInt32 {
        let whole = share.buckets / finestStep.buckets
        switch self {
        case .flagdV2, .flagdV3, .unleash: return whole
        case .growthbookV2: return whole == 0 ? 0 : min(whole + 1, bucketCount)
        }
    }
}
