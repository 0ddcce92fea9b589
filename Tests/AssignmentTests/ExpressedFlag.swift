import Assignment

/// An assigner that treats whom flagd gives a definition's first variant.
///
/// Flags of three variants and more are seen as "the first, or another".
struct ExpressedFlag {
    /// The first variant's name.
    var treatment: String
    /// The largest share that is not above the first variant's weight.
    var shareBelow: Percentage
    /// The smallest share that is not below it; the same one where a share is exact.
    var shareAbove: Percentage
    private var salt: String
    private var flag: String
    private var algorithm: HashAlgorithm

    /// Nil where flagd answers with the default variant, or hashes what is no salt and key.
    init?(_ definition: FlagdVectors.Definition, named flag: String, _ algorithm: HashAlgorithm) {
        var entries = definition.targeting.fractional[...]
        self.flag = flag
        self.algorithm = algorithm
        salt = flag
        if case .operation? = entries.first, let bucketBy = entries.popFirst() {
            guard let explicit = Self.explicitSalt(of: bucketBy, flag: flag) else { return nil }
            salt = explicit
            // Joined by hand, even the flag's own key is hashed in the form of any other salt.
            if explicit == flag { self.flag = "" }
        }
        let variants = entries.compactMap(Self.variant(of:))
        guard let first = variants.first, variants.count == entries.count else { return nil }
        treatment = first.name
        let total = variants.reduce(0) { $0 + $1.weight }
        guard total <= Int64(Int32.max) else { return nil }
        let scaled = first.weight * Int64(Percentage.bucketCount)
        guard let below = Percentage(buckets: UInt32(scaled / total)),
            let above = Percentage(buckets: UInt32((scaled + total - 1) / total))
        else { return nil }
        shareBelow = below
        shareAbove = above
    }

    func assigner(at share: Percentage) -> Assigner {
        let allocation = Allocation(
            enabled: true,
            percentage: share,
            salt: salt,
            algorithm: algorithm,
            revision: 1
        )
        return Assigner(allocation, flag: flag)
    }

    /// `[name]` weighs 1, and a weight below nothing weighs nothing.
    private static func variant(of rule: FlagdVectors.Rule) -> (name: String, weight: Int64)? {
        guard case .list(let parts) = rule, case .text(let name)? = parts.first else { return nil }
        guard parts.count == 2, case .number(let weight) = parts[1] else { return (name, 1) }
        return (name, max(0, weight))
    }

    /// The text in front of the client's key; every context in the file has the key for its email too.
    private static func explicitSalt(of bucketBy: FlagdVectors.Rule, flag: String) -> String? {
        if bucketBy == .variable("targetingKey") { return "" }
        guard case .operation(let operation) = bucketBy, case .list(let parts)? = operation["cat"] else {
            return nil
        }
        guard parts.count == 2 else { return nil }
        guard [.variable("targetingKey"), .variable("email")].contains(parts[1]) else { return nil }
        switch parts[0] {
        case .text(let salt): return salt
        case .variable("$flagd.flagKey"): return flag
        default: return nil
        }
    }
}
