import Assignment
import Rollout

/// A flag file of flagd: `{"flags": {"sse": {"state": "ENABLED", "variants": {…}, "targeting": {…}, …}}}`.
struct FlagdDocument {
    private let bytes: [UInt8]
    private let definition: FlagdDefinition
    private let root: JSONObject

    init(_ bytes: [UInt8], _ definition: FlagdDefinition) throws(DocumentFault) {
        self.bytes = bytes
        self.definition = definition
        root = try JSONObject(documentOf: bytes)
    }

    /// What readers of the document do about the flag; nil when it says nothing.
    ///
    /// - Throws: Where readers would do anything that is no allocation, such as treating clients without a key.
    func allocation() throws(DocumentFault) -> Allocation? {
        guard let flags = try root.object("flags"), let node = try flags.value(definition.flag) else {
            return nil
        }
        let flag = try JSONObject(node, named: "'\(definition.flag)'")
        try checkVariants(of: flag, at: node)
        let targeting = try required("targeting", in: flag, at: node)
        guard let rule = definition.rule(targeting) else {
            throw targeting.fault("'targeting' is no rule that Tidegate writes")
        }
        var exposed = ExposedBuckets(
            enabled: try isEnabled(flag, at: node),
            treated: rule.treated,
            salt: rule.salt,
            noted: AllocationParts(enabled: true)
        )
        if let metadata = try flag.object("metadata") {
            try exposed.noted.read(metadata, named: .flagdMetadata)
        }
        let algorithm = exposed.noted.algorithm ?? .flagdV2
        let isComputed =
            definition.asksForBucket
            ? rule.bucketCount == algorithm.bucketCount
            : rule.treated == 0 || FileFormat.flagd.algorithms.contains(algorithm)
        guard isComputed, let allocation = exposed.allocation(of: definition.flag, by: algorithm) else {
            throw targeting.fault("'targeting' does not do what \(algorithm.rawValue) in 'metadata' says")
        }
        return allocation
    }

    private func isEnabled(_ flag: JSONObject, at node: JSONNode) throws(DocumentFault) -> Bool {
        let state = try required("state", in: flag, at: node)
        switch state.text {
        case "ENABLED": return true
        case "DISABLED": return false
        default: throw state.fault("'state' is neither \"ENABLED\" nor \"DISABLED\"")
        }
    }

    /// Refuses variants that stand for other values than ours, and a default that treats clients without a key.
    private func checkVariants(of flag: JSONObject, at node: JSONNode) throws(DocumentFault) {
        let variants = try JSONObject(try required("variants", in: flag, at: node), named: "'variants'")
        for name in [definition.variants.treatment, definition.variants.control] {
            let expected = definition.value(of: name)
            guard let value = try variants.value(name) else {
                throw node.fault("'variants' has no '\(name)'")
            }
            guard value.means(try JSONScanner.parse(Array(expected.utf8))) else {
                throw value.fault("the variant '\(name)' does not stand for \(expected)")
            }
        }
        let standard = try required("defaultVariant", in: flag, at: node)
        guard standard.text == definition.variants.control else {
            throw standard.fault("'defaultVariant' is not '\(definition.variants.control)'")
        }
    }

    private func required(_ key: String, in flag: JSONObject, at node: JSONNode) throws(DocumentFault)
        -> JSONNode
    {
        guard let value = try flag.value(key) else {
            throw node.fault("'\(definition.flag)' has no '\(key)'")
        }
        return value
    }
}

extension FlagdDocument {
    private static let schema = "https://flagd.dev/schema/v0/flags.json"

    /// The document with the flag's part saying `allocation`; nil makes a new one.
    ///
    /// A value that already means the right thing keeps its spelling; other variants, other metadata, other flags
    /// and shared evaluators stay as they are.
    static func showing(
        _ allocation: Allocation,
        in bytes: [UInt8]?,
        _ definition: FlagdDefinition
    ) throws(DocumentFault) -> [UInt8] {
        let empty = "{\n  \"$schema\": \"\(schema)\",\n  \"flags\": {}\n}\n"
        return try FlagdDocument(bytes ?? Array(empty.utf8), definition).showing(allocation)
    }

    private func showing(_ allocation: Allocation) throws(DocumentFault) -> [UInt8] {
        let variants = [definition.variants.treatment, definition.variants.control]
            .map { (key: $0, value: definition.value(of: $0)) }
        let metadata = AllocationNames.flagdMetadata.members(of: allocation)
        var members = [
            (key: "state", value: allocation.enabled ? "\"ENABLED\"" : "\"DISABLED\""),
            (key: "variants", value: JSONObject.inline(variants)),
            (key: "defaultVariant", value: JSONObject.quoted(definition.variants.control)),
            (key: "targeting", value: definition.targeting(allocation)),
        ]
        guard try self.allocation() != nil, let flag = try root.object("flags")?.object(definition.flag)
        else {
            return TextEdit.apply(
                try newFlag(members + [("metadata", JSONObject.inline(metadata))]),
                to: bytes
            )
        }
        // They are as they should be, or the flag would have been refused; there may be more of them.
        members.removeAll { $0.key == "variants" }
        var edits: [TextEdit] = []
        if let object = try flag.object("metadata") {
            edits = try object.setting(metadata, in: bytes)
        } else {
            members.append(("metadata", JSONObject.inline(metadata)))
        }
        return TextEdit.apply(edits + (try flag.setting(members, in: bytes)), to: bytes)
    }

    /// Adds the flag to a document that does not have it, laid out like its neighbours.
    private func newFlag(_ members: [(key: String, value: String)]) throws(DocumentFault) -> [TextEdit] {
        let texts = members.map { "\(JSONObject.quoted($0.key)): \($0.value)" }
        guard let flags = try root.object("flags") else {
            let flag = [(key: definition.flag, value: JSONObject.inline(members))]
            return try root.setting([("flags", JSONObject.inline(flag))], in: bytes)
        }
        guard flags.isEmpty else {
            return [flags.insertion(of: definition.flag, texts, depth: 2, in: bytes)]
        }
        let head = "\(JSONObject.quoted(definition.flag)): "
        let block = JSONLayout.block(head, texts, after: "\n    ", depth: 2)
        return [TextEdit(span: flags.span, replacement: "{\n    \(block)\n  }")]
    }
}
