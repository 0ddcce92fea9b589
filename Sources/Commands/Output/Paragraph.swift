/// Text on several lines.
enum Paragraph {
    /// How wide a terminal is taken to be, in characters.
    static let width = 80

    /// Breaks words into lines below each other, the first after `head`, the others indented as far.
    ///
    /// A word that is longer than a line stands on a line of its own and is never torn: it may be a path.
    static func lines(_ text: String, after head: String) -> [String] {
        var lines: [String] = []
        var line = head
        var isEmpty = true
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: head.count)
                isEmpty = true
            }
            line += isEmpty ? String(word) : " \(word)"
            isEmpty = false
        }
        return lines + [line]
    }
}
