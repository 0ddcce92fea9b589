/// The members of one JSON object, looked up by name and extended in its own layout.
struct JSONObject {
    let span: Range<Int>
    private let members: [JSONMember]

    /// Refuses any other kind of value, under the name it has in messages.
    init(_ node: JSONNode, named name: String) throws(DocumentFault) {
        guard case .object(let members) = node.content else {
            throw DocumentFault(
                offset: node.span.lowerBound,
                message: "\(name) is \(node.kind), not an object"
            )
        }
        self.members = members
        span = node.span
    }

    /// The outermost object of a document.
    init(documentOf bytes: [UInt8]) throws(DocumentFault) {
        let blanks: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]
        guard !bytes.allSatisfy(blanks.contains) else {
            throw DocumentFault(offset: 0, message: "the file is empty; an empty JSON document is {}")
        }
        try self.init(try JSONScanner.parse(bytes), named: "the document")
    }

    /// The value of a member; nil when there is none.
    ///
    /// Two of the same name are refused: readers differ on which one counts.
    func value(_ key: String) throws(DocumentFault) -> JSONNode? {
        let found = members.filter { $0.key?.utf8.elementsEqual(key.utf8) == true }
        guard found.count < 2 else {
            throw DocumentFault(offset: found[1].keySpan.lowerBound, message: "'\(key)' is there twice")
        }
        return found.first?.value
    }

    /// The object of this name; nil when there is none.
    func object(_ key: String) throws(DocumentFault) -> JSONObject? {
        guard let node = try value(key) else { return nil }
        return try JSONObject(node, named: "'\(key)'")
    }

    /// Where a further member begins: after the last one.
    private var end: Int { members.last?.value.span.upperBound ?? span.lowerBound + 1 }

    /// The blanks in front of the last member; nil in an empty object.
    private func separator(in bytes: [UInt8]) -> String? {
        members.last.map { JSONLayout.blanks(before: $0.keySpan.lowerBound, in: bytes) }
    }

    /// Whether there is no member at all.
    var isEmpty: Bool { members.isEmpty }

    /// Gives members these values, each written as JSON.
    ///
    /// A value that already means the same keeps its spelling; missing members follow the others.
    func setting(_ wanted: [(key: String, value: String)], in bytes: [UInt8]) throws(DocumentFault)
        -> [TextEdit]
    {
        var edits: [TextEdit] = []
        var missing: [String] = []
        for (key, value) in wanted {
            guard let node = try self.value(key) else {
                missing.append("\(Self.quoted(key)): \(value)")
                continue
            }
            if !node.means(try JSONScanner.parse(Array(value.utf8))) {
                edits.append(TextEdit(span: node.span, replacement: value))
            }
        }
        return edits + insertion(of: missing, in: bytes)
    }

    /// Appends a member that is an object itself, laid out like its neighbours; `depth` counts the objects around it.
    func insertion(of key: String, _ members: [String], depth: Int, in bytes: [UInt8]) -> TextEdit {
        let head = "\(Self.quoted(key)): "
        guard let separator = separator(in: bytes) else {
            return TextEdit(span: span, replacement: "{\(head){\(members.joined(separator: ", "))}}")
        }
        let block = JSONLayout.block(head, members, after: separator, depth: depth)
        return TextEdit(span: end..<end, replacement: ",\(separator)\(block)")
    }

    /// Appends members, each like `"key": value`.
    func insertion(of texts: [String], in bytes: [UInt8]) -> [TextEdit] {
        guard !texts.isEmpty else { return [] }
        guard let separator = separator(in: bytes) else {
            return [TextEdit(span: span, replacement: "{\(texts.joined(separator: ", "))}")]
        }
        let gap = members.count == 1 && !separator.contains("\n") ? " " : separator
        return [TextEdit(span: end..<end, replacement: texts.map { ",\(gap)\($0)" }.joined())]
    }

    /// An object in one line, of values written as JSON.
    static func inline(_ members: [(key: String, value: String)]) -> String {
        "{\(members.map { "\(quoted($0.key)): \($0.value)" }.joined(separator: ", "))}"
    }

    /// A text as JSON writes it.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
