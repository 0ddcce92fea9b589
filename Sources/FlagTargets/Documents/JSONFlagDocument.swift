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
        let blanks: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]
        guard !bytes.allSatisfy(blanks.contains) else {
            throw DocumentFault(offset: 0, message: "the file is empty; an empty JSON document is {}")
        }
        root = try JSONObject(try JSONScanner.parse(bytes), named: "the document")
    }

    /// What the document says about the flag; nil when it says nothing.
    func allocation() throws(DocumentFault) -> Allocation? {
        guard let flagObject = try object(flag, in: root) else { return nil }
        let rollout = try object("rollout", in: flagObject)
        guard let enabled = try flagObject.value("enabled") else {
            guard let rollout else { return nil }
            throw DocumentFault(
                offset: rollout.span.lowerBound,
                message: "'rollout' without an 'enabled' beside it"
            )
        }
        guard case .bool(let isEnabled) = enabled.content else {
            throw fault(enabled, "'enabled' is \(enabled.kind), not true or false")
        }
        var parts = AllocationParts(enabled: isEnabled)
        if let rollout { try read(rollout, into: &parts) }
        guard let allocation = parts.allocation(of: flag) else {
            throw fault(enabled, "'enabled' is true, but there is no 'rollout.percentage'")
        }
        return allocation
    }

    private func read(_ rollout: JSONObject, into parts: inout AllocationParts) throws(DocumentFault) {
        if let node = try rollout.value("percentage") {
            parts.percentage = AllocationParts.percentage(number(node))
            guard parts.percentage != nil else {
                throw fault(node, "'percentage' is not a number from 0 to 100 in thousandths")
            }
        }
        if let node = try rollout.value("salt") {
            guard case .string(let salt?) = node.content else { throw fault(node, "'salt' is not a text") }
            parts.salt = salt
        }
        if let node = try rollout.value("algorithm") {
            guard case .string(let name?) = node.content, let algorithm = HashAlgorithm(rawValue: name) else {
                throw fault(node, "'algorithm' is none of \(HashAlgorithm.allCases.map(\.rawValue))")
            }
            parts.algorithm = algorithm
        }
        if let node = try rollout.value("revision") {
            parts.revision = AllocationParts.revision(number(node))
            guard parts.revision != nil else { throw fault(node, "'revision' is not a whole number from 0") }
        }
    }

    /// The object of this name; nil when there is none.
    private func object(_ key: String, in parent: JSONObject) throws(DocumentFault) -> JSONObject? {
        guard let node = try parent.value(key) else { return nil }
        return try JSONObject(node, named: "'\(key)'")
    }

    /// A number's own text, empty for any other kind of value.
    private func number(_ node: JSONNode) -> String {
        guard case .number = node.content else { return "" }
        return String(decoding: bytes[node.span], as: UTF8.self)
    }

    private func fault(_ node: JSONNode, _ message: String) -> DocumentFault {
        DocumentFault(offset: node.span.lowerBound, message: message)
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
        let rollout = Self.rolloutMembers(of: allocation)
        guard let flagObject = try object(flag, in: root) else {
            return TextEdit.apply([newFlag(allocation)], to: bytes)
        }
        let published = try self.allocation()
        var edits: [TextEdit] = []
        var missing: [String] = []
        if let enabled = try flagObject.value("enabled") {
            if published?.enabled != allocation.enabled {
                edits.append(TextEdit(span: enabled.span, replacement: "\(allocation.enabled)"))
            }
        } else {
            missing.append("\"enabled\": \(allocation.enabled)")
        }
        if let rolloutObject = try object("rollout", in: flagObject) {
            var missing: [String] = []
            for member in rollout {
                guard let node = try rolloutObject.value(member.key) else {
                    missing.append("\"\(member.key)\": \(member.value)")
                    continue
                }
                if published.map({ member.isSame($0) }) != true {
                    edits.append(TextEdit(span: node.span, replacement: member.value))
                }
            }
            edits += rolloutObject.insertion(of: missing, in: bytes)
        } else {
            missing.append("\"rollout\": \(Self.inline(rollout))")
        }
        edits += flagObject.insertion(of: missing, in: bytes)
        return TextEdit.apply(edits, to: bytes)
    }

    /// Adds the flag to a document that does not have it, laid out like its neighbours.
    private func newFlag(_ allocation: Allocation) -> TextEdit {
        let name = JSONObject.quoted(flag)
        let rollout = Self.inline(Self.rolloutMembers(of: allocation))
        guard let separator = root.separator(in: bytes) else {
            let text = """
                {
                  \(name): {
                    "enabled": \(allocation.enabled),
                    "rollout": \(rollout)
                  }
                }
                """
            return TextEdit(span: root.span, replacement: text)
        }
        guard separator.contains("\n") else {
            let text = ",\(separator)\(name): {\"enabled\": \(allocation.enabled), \"rollout\": \(rollout)}"
            return TextEdit(span: root.end..<root.end, replacement: text)
        }
        let indent = separator.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        let text = """
            ,\(separator)\(name): {
            \(indent)\(indent)"enabled": \(allocation.enabled),
            \(indent)\(indent)"rollout": \(rollout)
            \(indent)}
            """
        return TextEdit(span: root.end..<root.end, replacement: text)
    }

    private struct Member {
        var key: String
        var value: String
        /// Whether another allocation says the same here.
        var isSame: (Allocation) -> Bool
    }

    private static func rolloutMembers(of allocation: Allocation) -> [Member] {
        [
            Member(key: "percentage", value: allocation.percentage.number) {
                $0.percentage == allocation.percentage
            },
            Member(key: "salt", value: JSONObject.quoted(allocation.salt)) {
                $0.salt.utf8.elementsEqual(allocation.salt.utf8)
            },
            Member(key: "algorithm", value: JSONObject.quoted(allocation.algorithm.rawValue)) {
                $0.algorithm == allocation.algorithm
            },
            Member(key: "revision", value: "\(allocation.revision)") { $0.revision == allocation.revision },
        ]
    }

    private static func inline(_ members: [Member]) -> String {
        "{\(members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", "))}"
    }
}
