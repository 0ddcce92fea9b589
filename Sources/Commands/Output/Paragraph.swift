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
        for word in words(of: text) {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: head.count)
                isEmpty = true
            }
            line += isEmpty ? word : " \(word)"
            isEmpty = false
        }
        return lines + [line]
    }

    private static let units = ["%", "×", "h", "min"]

    /// The words between which a line may be broken: a unit stays with its number, as in `5 %` and `1.9 ×`.
    static func words(of text: String) -> [String] {
        text.split(separator: " ", omittingEmptySubsequences: false).reduce(into: []) { words, word in
            let isUnit = units.contains(word.prefix { !$0.isPunctuation || $0 == "%" }.description)
            if isUnit, let last = words.popLast() {
                words.append("\(last) \(word)")
            } else {
                words.append(String(word))
            }
        }
    }
}
