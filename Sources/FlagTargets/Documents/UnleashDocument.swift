import Assignment

/// Features as Unleash's client API gives them: `{"version": 2, "features": [{"name": "sse", "enabled": true, …}]}`.
///
/// What Unleash has no place for stands in the feature's own `tidegate`, which its clients skip.
struct UnleashDocument {
    private let bytes: [UInt8]
    private let flag: String
    private let root: JSONObject

    init(_ bytes: [UInt8], flag: String) throws(DocumentFault) {
        self.bytes = bytes
        self.flag = flag
        root = try JSONObject(documentOf: bytes)
    }

    /// The features; nil where there is no list of them.
    private func features() throws(DocumentFault) -> (node: JSONNode, elements: [JSONNode])? {
        guard let node = try root.value("features") else { return nil }
        guard let elements = node.elements else {
            throw node.fault("'features' is \(node.kind), not an array")
        }
        return (node, elements)
    }

    /// Our feature; nil where there is none.
    private func feature() throws(DocumentFault) -> (node: JSONNode, object: JSONObject)? {
        var found: (node: JSONNode, object: JSONObject)?
        for node in try features()?.elements ?? [] {
            let object = try JSONObject(node, named: "a feature")
            guard let name = try object.value("name")?.text, name.utf8.elementsEqual(flag.utf8) else {
                continue
            }
            guard found == nil else { throw node.fault("the feature '\(flag)' is there twice") }
            found = (node, object)
        }
        return found
    }

    /// What readers of the document do about the flag; nil when it says nothing.
    ///
    /// - Throws: Where readers would do anything that is no allocation, such as choosing clients at random.
    func allocation() throws(DocumentFault) -> Allocation? {
        guard let (node, feature) = try feature() else { return nil }
        let enabled = try Self.required("enabled", in: feature, at: node)
        let isEnabled = try enabled.boolean(named: "'enabled'")
        if let parents = try feature.value("dependencies"), parents.elements?.isEmpty != true {
            throw parents.fault("the feature depends on another one")
        }
        let rollout = try UnleashRollout(Self.required("strategies", in: feature, at: node))
        var exposed = ExposedBuckets(
            enabled: isEnabled,
            treated: rollout.percent,
            salt: rollout.groupID,
            noted: AllocationParts(enabled: true)
        )
        if let note = try feature.object("tidegate") { try exposed.noted.read(note, named: .plain) }
        let algorithm = exposed.noted.algorithm ?? .unleash
        guard rollout.percent == 0 || algorithm == .unleash,
            let allocation = exposed.allocation(of: flag, by: algorithm)
        else { throw node.fault("Unleash does not compute \(algorithm.rawValue)") }
        return allocation
    }

    static func required(_ key: String, in object: JSONObject, at node: JSONNode) throws(DocumentFault)
        -> JSONNode
    {
        guard let value = try object.value(key) else { throw node.fault("there is no '\(key)'") }
        return value
    }
}

extension UnleashDocument {
    /// The document with the flag's part saying `allocation`; nil makes a new one.
    ///
    /// A value that already means the right thing keeps its spelling, and everything else stays as it is.
    static func showing(
        _ allocation: Allocation,
        in bytes: [UInt8]?,
        flag: String
    ) throws(DocumentFault) -> [UInt8] {
        let empty = "{\n  \"version\": 2,\n  \"features\": []\n}\n"
        return try UnleashDocument(bytes ?? Array(empty.utf8), flag: flag).showing(allocation)
    }

    private func showing(_ allocation: Allocation) throws(DocumentFault) -> [UInt8] {
        let rollout = UnleashRollout(allocation)
        guard rollout.isUnderstood else {
            throw DocumentFault(
                offset: 0,
                message: "Unleash's clients do not understand the salt \(JSONObject.quoted(allocation.salt))",
                hint: "choose a salt without quotation marks and backslashes in the policy"
            )
        }
        let note = AllocationNames.plain.members(of: allocation)
        let enabled = (key: "enabled", value: "\(allocation.enabled)")
        guard try self.allocation() != nil, let (node, feature) = try feature() else {
            let members =
                [("name", JSONObject.quoted(flag)), ("type", "\"release\""), enabled]
                + [("stale", "false"), ("impressionData", "false"), ("strategies", rollout.strategies)]
                + [("variants", "[]"), ("tidegate", JSONObject.inline(note))]
            return TextEdit.apply(try newFeature(members), to: bytes)
        }
        let strategies = try Self.required("strategies", in: feature, at: node)
        var edits = try rollout.setting(strategies, in: bytes)
        if let object = try feature.object("tidegate") {
            edits += try object.setting(note, in: bytes) + feature.setting([enabled], in: bytes)
        } else {
            edits += try feature.setting([enabled, ("tidegate", JSONObject.inline(note))], in: bytes)
        }
        return TextEdit.apply(edits, to: bytes)
    }

    /// Adds the feature to a document that does not have it, laid out like its neighbours.
    private func newFeature(_ members: [(key: String, value: String)]) throws(DocumentFault) -> [TextEdit] {
        guard let (node, elements) = try features() else {
            let version = try root.value("version") == nil ? [(key: "version", value: "2")] : []
            let features = [(key: "features", value: "[\(JSONObject.inline(members))]")]
            return try root.setting(version + features, in: bytes)
        }
        let texts = members.map { "\(JSONObject.quoted($0.key)): \($0.value)" }
        guard let last = elements.last else {
            let block = JSONLayout.block("", texts, after: "\n    ", depth: 2)
            return [TextEdit(span: node.span, replacement: "[\n    \(block)\n  ]")]
        }
        let separator = JSONLayout.blanks(before: last.span.lowerBound, in: bytes)
        let block = JSONLayout.block("", texts, after: separator, depth: 2)
        let end = last.span.upperBound
        return [TextEdit(span: end..<end, replacement: ",\(separator)\(block)")]
    }
}
