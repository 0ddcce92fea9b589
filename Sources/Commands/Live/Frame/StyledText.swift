/// One line of a frame: pieces of text, each in at most one colour, whose width is known.
struct StyledText: Sendable, Equatable {
    private var pieces: [Piece] = []

    private struct Piece: Sendable, Equatable {
        var text: String
        var colour: Colour?
    }

    static let empty = StyledText()

    private init() {}

    /// Text that holds nothing but what takes up columns; ``FrameStyle`` makes it.
    fileprivate init(printable text: String, _ colour: Colour?) {
        pieces = text.isEmpty ? [] : [Piece(text: text, colour: colour)]
    }

    static func + (one: StyledText, other: StyledText) -> StyledText {
        var sum = one
        sum.pieces += other.pieces
        return sum
    }

    static func += (one: inout StyledText, other: StyledText) { one = one + other }

    /// In columns.
    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// The beginning that fits into some columns, with a mark of one column at its end where it was cut.
    func cut(to columns: Int, mark: String) -> StyledText {
        guard width > columns else { return self }
        guard columns > 0 else { return .empty }
        var left = columns - 1
        var cut = StyledText()
        for piece in pieces {
            var kept = ""
            for character in piece.text {
                left -= DisplayWidth.of(character)
                guard left >= 0 else {
                    cut.pieces.append(Piece(text: kept + mark, colour: piece.colour))
                    return cut
                }
                kept.append(character)
            }
            cut.pieces.append(Piece(text: kept, colour: piece.colour))
        }
        return cut
    }

    /// Blanks behind it up to some columns.
    func padded(to columns: Int) -> StyledText {
        self + StyledText(printable: String(repeating: " ", count: max(0, columns - width)), nil)
    }

    /// What is written to the terminal.
    func text(colours: Bool) -> String {
        pieces.map { piece in
            guard colours, let colour = piece.colour else { return piece.text }
            return "\u{1B}[\(colour.rawValue)m\(piece.text)\u{1B}[0m"
        }
        .joined()
    }
}

/// What a terminal can show.
struct FrameStyle: Sendable, Equatable {
    var colours: Bool
    /// Whether it shows more than ASCII.
    var unicode: Bool

    /// Text from anywhere, made harmless: an answer from a server must not move the cursor.
    func text(_ text: String, _ colour: Colour? = nil) -> StyledText {
        StyledText(printable: printable(text), colour)
    }

    func printable(_ text: String) -> String {
        var shown = ""
        for character in text {
            guard let scalar = character.unicodeScalars.first else { continue }
            if character.isASCII {
                let isControl = scalar.value < 0x20 || scalar.value == 0x7F
                shown.append(isControl ? " " : character)
            } else if unicode {
                let hidden: [Unicode.GeneralCategory] = [
                    .control, .format, .lineSeparator, .paragraphSeparator,
                ]
                let isHidden = hidden.contains(scalar.properties.generalCategory)
                shown.append(isHidden ? " " : character)
            } else {
                shown += Self.ascii[character] ?? "?"
            }
        }
        return shown
    }

    /// Text broken between words into lines of some columns; a longer word stands alone and is not torn.
    func lines(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in printable(text).split(separator: " ") {
            if !line.isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(word) > columns {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        return lines + [line]
    }

    private static let ascii: [Character: String] = [
        "→": "->", "…": "...", "·": "-", "–": "-", "−": "-", "’": "'", "≤": "<=", "≥": ">=", "×": "x",
    ]

    // MARK: Drawings

    /// The mark at the end of a line that was cut.
    var cutMark: String { unicode ? "…" : ">" }
    var rule: String { unicode ? "─" : "-" }
    var fullCell: String { unicode ? "█" : "#" }
    /// Between two bars that grow away from each other.
    var middle: String { unicode ? "│" : "|" }
    var emptyCell: String { unicode ? "░" : "." }
    /// Rising levels of a sparkline.
    var levels: [String] { (unicode ? "▁▂▃▄▅▆▇█" : "_.-:=+*#").map(String.init) }
    /// Before a step that is done, the current one, and one ahead.
    var doneMark: String { unicode ? "✓" : "[x]" }
    var currentMark: String { unicode ? "●" : "[>]" }
    var aheadMark: String { unicode ? "○" : "[ ]" }
    /// Between steps already taken, and between the others.
    var takenPath: String { unicode ? " ━━ " : " == " }
    var openPath: String { unicode ? " ── " : " -- " }
}
