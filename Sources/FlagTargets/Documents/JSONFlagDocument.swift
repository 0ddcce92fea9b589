import Assignment

/// A flag file in JSON: `{"sse": {"enabled": true, "rollout": {"percentage": 10, …}}}`.
struct JSONFlagDocument {
    private let bytes: [UInt8]
    private let flag: String
    /// The members of the outermost object.
    private let root: JSONObject

    init(_ bytes: [UInt8], flag: String) throws(DocumentFault) {
        self.bytes = bytes
        self.flag = flag
        root = try JSONObject(documentOf: bytes)
    }

    /// What the document says about the flag; nil when it says nothing.
    func allocation() throws(DocumentFault) -> Allocation? {
        guard let flagObject = try root.object(flag) else { return nil }
        let rollout = try flagObject.object("rollout")
        guard let enabled = try flagObject.value("enabled") else {
            guard let rollout else { return nil }
            throw DocumentFault(
                offset: rollout.span.lowerBound,
                message: "'rollout' without an 'enabled' beside it"
            )
        }
        let isEnabled = try enabled.boolean(named: "'enabled'")
        var parts = AllocationParts(enabled: isEnabled)
        if let rollout { try parts.read(rollout, named: .plain) }
        guard let allocation = parts.allocation(of: flag) else {
            throw enabled.fault("'enabled' is true, but there is no 'rollout.percentage'")
        }
        return allocation
    }
}

extension JSONFlagDocument {
    /// The document with the flag's part saying `allocation`; nil makes a new one.
    ///
    /// Only what has to change is rewritten: a value that already means the right thing keeps its spelling.
    static func showing(
        _ allocation: Allocation,
        in bytes: [UInt8]?,
        flag: String
    ) throws(DocumentFault) -> [UInt8] {
        try JSONFlagDocument(bytes ?? Array("{}\n".utf8), flag: flag).showing(allocation)
    }

    private func showing(_ allocation: Allocation) throws(DocumentFault) -> [UInt8] {
        let rollout = AllocationNames.plain.members(of: allocation)
        let rolloutText = JSONObject.inline(rollout)
        guard let flagObject = try root.object(flag) else {
            return TextEdit.apply([newFlag(allocation, rolloutText)], to: bytes)
        }
        // A document that cannot be understood is not written over.
        _ = try self.allocation()
        var members = [(key: "enabled", value: "\(allocation.enabled)")]
        guard let rolloutObject = try flagObject.object("rollout") else {
            members.append(("rollout", rolloutText))
            return TextEdit.apply(try flagObject.setting(members, in: bytes), to: bytes)
        }
        let edits = try flagObject.setting(members, in: bytes) + rolloutObject.setting(rollout, in: bytes)
        return TextEdit.apply(edits, to: bytes)
    }

    /// Adds the flag to a document that does not have it, laid out like its neighbours.
    private func newFlag(_ allocation: Allocation, _ rollout: String) -> TextEdit {
        let members = ["\"enabled\": \(allocation.enabled)", "\"rollout\": \(rollout)"]
        guard root.isEmpty else { return root.insertion(of: flag, members, depth: 1, in: bytes) }
        let block = JSONLayout.block("\(JSONObject.quoted(flag)): ", members, after: "\n  ", depth: 1)
        return TextEdit(span: root.span, replacement: "{\n  \(block)\n}")
    }
}
