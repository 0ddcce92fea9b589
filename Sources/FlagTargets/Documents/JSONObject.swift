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

    /// Where a further member begins: after the last one.
    var end: Int { members.last?.value.span.upperBound ?? span.lowerBound + 1 }

    /// The blanks in front of the last member; nil in an empty object.
    func separator(in bytes: [UInt8]) -> String? {
        guard let last = members.last else { return nil }
        let blanks = bytes[..<last.keySpan.lowerBound].reversed().prefix {
            [0x20, 0x09, 0x0a, 0x0d].contains($0)
        }
        return String(decoding: blanks.reversed(), as: UTF8.self)
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
