/// How neighbours in a JSON document are laid out, so that what is added looks like them.
enum JSONLayout {
    /// The blanks in front of a place.
    static func blanks(before place: Int, in bytes: [UInt8]) -> String {
        let blanks = bytes[..<place].reversed().prefix { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
        return String(decoding: blanks.reversed(), as: UTF8.self)
    }

    /// An object in one line, or with a line for each member where its neighbours have lines of their own.
    ///
    /// - Parameters:
    ///   - head: What stands in front of the brace, such as `"sse": `.
    ///   - members: Each like `"key": value`.
    ///   - separator: The blanks in front of a neighbour.
    ///   - depth: How many objects and arrays there are around it, each indented by the same.
    /// - Returns: The object, without the comma and the blanks in front of it.
    static func block(_ head: String, _ members: [String], after separator: String, depth: Int) -> String {
        let lines = separator.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1, let indent = lines.last else {
            return "\(head){\(members.joined(separator: ", "))}"
        }
        let inner = "\n\(indent)\(indent.prefix(indent.count / depth))"
        return "\(head){\(inner)\(members.joined(separator: ",\(inner)"))\n\(indent)}"
    }
}
