import Assignment
import Testing

@Suite("Assignment and flagd's fractional agree")
struct FlagdTests {
    private let vectors: FlagdVectors

    init() throws {
        vectors = try FlagdVectors.read()
    }

    /// The flags whose first variant no allocation can stand for.
    ///
    /// A share here is a whole number of hundred-thousandths; these are not. Their evaluations are not compared.
    /// Flags of three variants and more are compared as "the first, or another".
    private static let inexpressible: Set<String> = [
        "unweighted7",  // 1/7
        "maxint",  // 1/2147483647
        "half-maxint",  // 1073741823/2147483647
        "sum-overflow",  // weights above Int32.max are refused by flagd itself
    ]

    @Test("on every evaluation of every flag that an allocation can express")
    func agreesOnEvaluations() throws {
        var left: Set<String> = []
        var compared = 0
        for (name, flag) in vectors.flags {
            guard let (allocation, treatment) = expressed(flag.definition, named: name) else {
                left.insert(name)
                continue
            }
            let assigner = Assigner(allocation)
            for evaluation in flag.results {
                let assigned = assigner.assign(evaluation.key)
                let isTreated = evaluation.variant == treatment
                #expect(assigned.variant == (isTreated ? .treatment : .control), "\(name) \(evaluation.key)")
                compared += 1
            }
        }
        #expect(left == Self.inexpressible)
        #expect(compared == 933)
    }

    @Test("on the exact weight from which a client is treated")
    func agreesOnThresholds() throws {
        for row in vectors.thresholds.results {
            // A weight out of 10,000 is ten buckets.
            let least = try #require(Percentage(buckets: row.weight * 10))
            let less = try #require(Percentage(buckets: row.weight * 10 - 10))
            #expect(
                assigned(row.key, salt: row.flag, at: least).variant == .treatment,
                "\(row.flag) \(row.key)"
            )
            #expect(assigned(row.key, salt: row.flag, at: less).variant == .control, "\(row.flag) \(row.key)")
        }
        #expect(vectors.thresholds.results.count == 164)
    }

    @Test("on the hash behind a bucket, salted and not")
    func agreesOnHashes() {
        for row in vectors.hashInputs.results {
            for (salt, hash) in [("checkout", row.salted), ("", row.plain)] {
                let expected = UInt32((UInt64(hash) * 100_000) >> 32)
                #expect(assigned(row.key, salt: salt, at: .hundred).bucket == expected, "\(salt) \(row.key)")
            }
        }
        #expect(vectors.hashInputs.results.count == 87)
    }

    @Test("that nobody is treated without a key")
    func agreesOnMissingKey() throws {
        let answer = try #require(vectors.edgeContexts.results["half: empty targetingKey"])
        #expect(answer == ["dflt", "DEFAULT", nil])
        let half = try #require(Percentage(percent: 50))
        #expect(assigned("", salt: "half", at: half).variant == .control)
    }

    private func assigned(_ key: String, salt: String, at percentage: Percentage) -> Assigned {
        Assigner(Allocation(enabled: true, percentage: percentage, salt: salt, revision: 1)).assign(key)
    }

    /// The allocation that treats whom flagd gives the definition's first variant, and that variant's name.
    private func expressed(
        _ definition: FlagdVectors.Definition,
        named flag: String
    ) -> (allocation: Allocation, treatment: String)? {
        var entries = definition.targeting.fractional[...]
        var salt = flag
        if case .operation? = entries.first, let bucketBy = entries.popFirst() {
            guard let explicit = explicitSalt(of: bucketBy, flag: flag) else { return nil }
            salt = explicit
        }
        let variants = entries.compactMap(variant(of:))
        guard let first = variants.first, variants.count == entries.count else { return nil }
        let total = variants.reduce(0) { $0 + $1.weight }
        let scaled = first.weight * Int64(Percentage.bucketCount)
        guard total <= Int64(Int32.max), scaled.isMultiple(of: total) else { return nil }
        guard let percentage = Percentage(buckets: UInt32(scaled / total)) else { return nil }
        return (Allocation(enabled: true, percentage: percentage, salt: salt, revision: 1), first.name)
    }

    /// `[name]` weighs 1, and a weight below nothing weighs nothing.
    private func variant(of rule: FlagdVectors.Rule) -> (name: String, weight: Int64)? {
        guard case .list(let parts) = rule, case .text(let name)? = parts.first else { return nil }
        guard parts.count == 2, case .number(let weight) = parts[1] else { return (name, 1) }
        return (name, max(0, weight))
    }

    /// The text in front of the client's key; every context in the file has the key for its email too.
    private func explicitSalt(of bucketBy: FlagdVectors.Rule, flag: String) -> String? {
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
