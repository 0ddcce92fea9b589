import Assignment
import Rollout

/// How a flag is defined for flagd, from the parts of an allocation to JSON and back.
///
/// The format is that of flagd's flag files (https://flagd.dev/reference/flag-definitions/), and rules are JSONLogic.
struct FlagdDefinition {
    var flag: String
    var variants: Variants
    /// Whether clients get their variant by a bucket in their context, in place of `fractional`.
    var asksForBucket: Bool

    /// The value a variant stands for: its name, or a boolean where the pair is on and off.
    func value(of variant: String) -> String {
        guard variants == .onAndOff else { return JSONObject.quoted(variant) }
        return "\(variant == variants.treatment)"
    }

    private var treatment: String { JSONObject.quoted(variants.treatment) }
    private var control: String { JSONObject.quoted(variants.control) }
}

// MARK: Writing

extension FlagdDefinition {
    private static let key = #"{"var": "targetingKey"}"#

    /// The rule that gives the treatment to whom the allocation exposes.
    func targeting(_ allocation: Allocation) -> String {
        asksForBucket ? bucketRule(allocation) : fractionalRule(allocation)
    }

    private func bucketRule(_ allocation: Allocation) -> String {
        let treated = allocation.algorithm.treatedBuckets(at: allocation.exposure)
        let bucket = "{\"var\": [\(JSONObject.quoted(bucketName)), \(allocation.algorithm.bucketCount)]}"
        return "{\"if\": [{\"<\": [\(bucket), \(treated)]}, \(treatment), \(control)]}"
    }

    /// Where the bucket is in the context: under `rollout`, a level for each part of the flag's name.
    private var bucketName: String { "rollout.\(flag)" }

    private func fractionalRule(_ allocation: Allocation) -> String {
        let treated = allocation.exposure.buckets
        let shares = "[\(treatment), \(treated)], [\(control), \(Percentage.bucketCount - treated)]"
        guard !allocation.salt.utf8.elementsEqual(flag.utf8) else { return "{\"fractional\": [\(shares)]}" }
        // Without a key, 'cat' gives the bare salt, and all such clients would share one bucket.
        let salted = "{\"cat\": [\(JSONObject.quoted(allocation.salt)), \(Self.key)]}"
        return "{\"if\": [\(Self.key), {\"fractional\": [\(salted), \(shares)]}, \(control)]}"
    }
}

// MARK: Reading

extension FlagdDefinition {
    /// How many buckets a rule treats, of how many, and by which salt; nil for a rule that is not of our form.
    func rule(_ targeting: JSONNode) -> (treated: UInt32, bucketCount: UInt32, salt: String?)? {
        if asksForBucket { return bucketRule(targeting) }
        guard let (name, operands) = targeting.operation else { return nil }
        if name == "if", let branches = operands.elements, branches.count == 3,
            Self.isKey(branches[0]), branches[2].text == variants.control
        {
            return fractionalRule(branches[1], isGuarded: true)
        }
        return fractionalRule(targeting, isGuarded: false)
    }

    private func bucketRule(_ targeting: JSONNode) -> (UInt32, UInt32, String?)? {
        guard let (name, operands) = targeting.operation, name == "if",
            let branches = operands.elements, branches.count == 3,
            branches[1].text == variants.treatment, branches[2].text == variants.control,
            let comparison = branches[0].operation, comparison.name == "<",
            let sides = comparison.operands.elements, sides.count == 2,
            let bucket = sides[0].operation, bucket.name == "var",
            let path = bucket.operands.elements, path.count == 2, path[0].text == bucketName,
            let bucketCount = path[1].whole.flatMap(UInt32.init(exactly:)),
            let treated = sides[1].whole.flatMap(UInt32.init(exactly:))
        else { return nil }
        return (treated, bucketCount, nil)
    }

    private func fractionalRule(_ node: JSONNode, isGuarded: Bool) -> (UInt32, UInt32, String?)? {
        guard let (name, operands) = node.operation, name == "fractional",
            var entries = operands.elements?[...]
        else { return nil }
        var salt = flag
        if entries.count == 3, let first = entries.popFirst() {
            // flagd itself gives the default variant to clients without a key, but only where it makes the salt.
            guard isGuarded, let (name, operands) = first.operation, name == "cat",
                let parts = operands.elements, parts.count == 2, let text = parts[0].text,
                Self.isKey(parts[1])
            else { return nil }
            salt = text
        }
        guard entries.count == 2, let first = entries.first, let last = entries.last,
            let treated = Self.weight(of: variants.treatment, first),
            let rest = Self.weight(of: variants.control, last),
            treated + rest > 0
        else { return nil }
        // flagd scales the hash to whatever the weights add up to, so the same ratio treats the same clients.
        let (buckets, remainder) = (treated * Int(Percentage.bucketCount))
            .quotientAndRemainder(dividingBy: treated + rest)
        guard remainder == 0 else { return nil }
        return (UInt32(buckets), Percentage.bucketCount, salt)
    }

    private static func isKey(_ node: JSONNode) -> Bool {
        guard let (name, operands) = node.operation else { return false }
        return name == "var" && operands.text == "targetingKey"
    }

    /// A weight as flagd takes it: whole, and below 2³¹.
    private static func weight(of variant: String, _ entry: JSONNode) -> Int? {
        guard let parts = entry.elements, parts.count == 2, parts[0].text == variant,
            let weight = parts[1].whole, (0..<1 << 30).contains(weight)
        else { return nil }
        return weight
    }
}
