/// A JSON value and the bytes it was written in.
struct JSONNode {
    enum Content {
        /// In the order written, duplicates included.
        case object([JSONMember])
        case array([JSONNode])
        /// Nil where the escapes spell something that is no text: half a surrogate pair.
        case string(String?)
        /// As it was written.
        case number(String)
        case bool(Bool)
        case null
    }

    var span: Range<Int>
    var content: Content

    /// What the value is called in a message.
    var kind: String {
        switch content {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a boolean"
        case .null: "null"
        }
    }
}

/// One name and value of an object.
struct JSONMember {
    var key: String?
    var keySpan: Range<Int>
    var value: JSONNode
}

extension JSONNode {
    /// The text of a string; nil for any other value.
    var text: String? {
        guard case .string(let text) = content else { return nil }
        return text
    }

    /// A whole number, however it is written; nil for any other value.
    var whole: Int? {
        guard case .number(let text) = content else { return nil }
        return Int(text) ?? Double(text).flatMap(Int.init(exactly:))
    }

    /// The elements of an array; nil for any other value.
    var elements: [JSONNode]? {
        guard case .array(let elements) = content else { return nil }
        return elements
    }

    /// The name and the value of an object with one member, which is how JSONLogic writes an operation.
    var operation: (name: String, operands: JSONNode)? {
        guard case .object(let members) = content, members.count == 1, let name = members[0].key else {
            return nil
        }
        return (name, members[0].value)
    }

    /// Whether two values mean the same, whatever their layout, their escapes and the order of their members.
    func means(_ other: JSONNode) -> Bool {
        switch (content, other.content) {
        case (.object(let members), .object(let others)):
            members.count == others.count && members.allSatisfy { member in Self.has(member, among: others) }
        case (.array(let elements), .array(let others)):
            elements.count == others.count && zip(elements, others).allSatisfy { $0.means($1) }
        // Two spellings of one accented letter are equal texts, but other bytes and so other buckets.
        case (.string(let text?), .string(let other?)): text.utf8.elementsEqual(other.utf8)
        case (.number(let number), .number(let other)):
            Int(number).flatMap { whole in Int(other).map { whole == $0 } }
                ?? (Double(number) == Double(other))
        case (.bool(let bool), .bool(let other)): bool == other
        case (.null, .null): true
        default: false
        }
    }

    /// Whether a member is there exactly once, with the same meaning.
    private static func has(_ member: JSONMember, among others: [JSONMember]) -> Bool {
        guard let key = member.key else { return false }
        let found = others.filter { $0.key?.utf8.elementsEqual(key.utf8) == true }
        return found.count == 1 && found[0].value.means(member.value)
    }
}

extension JSONNode {
    /// This value, which must be true or false.
    ///
    /// `name` is what it is called in the fault.
    func boolean(named name: String) throws(DocumentFault) -> Bool {
        guard case .bool(let value) = content else { throw fault("\(name) is \(kind), not true or false") }
        return value
    }

    /// Something wrong with this value.
    func fault(_ message: String) -> DocumentFault {
        DocumentFault(offset: span.lowerBound, message: message)
    }
}
