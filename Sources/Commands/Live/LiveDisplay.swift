import Rollout

/// A run on a terminal: a panel that is drawn anew in place, below lasting lines of what has happened.
///
/// Each frame is one write. Lines that have scrolled away are never touched, and the last frame stays.
struct LiveDisplay: RunDisplay {
    var console: Console
    var terminal: Terminal
    /// The widths of the lines drawn last, in columns.
    private var drawn: [Int] = []

    init(console: Console, terminal: Terminal) {
        self.console = console
        self.terminal = terminal
    }

    mutating func show(_ moment: RunMoment) {
        let size = terminal.size()
        let style = FrameStyle(colours: console.isColourful, unicode: terminal.isUnicode)
        let lasting = moment.lines.flatMap { words(of: $0, at: moment.at, size.columns, style) }
        // One line is left for the cursor.
        let frame = moment.panel.frame(width: size.columns, height: size.rows - 1, style: style)
        // The last word stands below the last frame.
        let isLast = moment.ending != nil
        let lines = isLast ? frame + lasting : lasting + frame
        // Each line is cleared behind its text and the rest at the end: nothing flickers, nothing scrolls.
        let text = lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J"
        console.draw(goingBack(size) + text + (isLast ? Terminal.showCursor : ""))
        let plain = FrameStyle(colours: false, unicode: style.unicode)
        drawn = moment.panel.frame(width: size.columns, height: size.rows - 1, style: plain).map(
            DisplayWidth.of
        )
    }

    /// Goes back to the first line of the last frame.
    private func goingBack(_ size: Terminal.Size) -> String {
        guard !terminal.wasContinued() else { return Terminal.hideCursor + "\r" }
        // A terminal that became narrower has broken long lines in two.
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + size.columns - 1) / size.columns) }
        let up = min(rows, size.rows - 1)
        return Terminal.hideCursor + "\r" + (up > 0 ? "\u{1B}[\(up)A" : "")
    }

    private func words(of line: RunLine, at now: Timestamp, _ columns: Int, _ style: FrameStyle) -> [String] {
        switch line {
        case .judged: return []
        case .event(let text, let colour): return paragraph(text, colour, at: now, columns, style)
        case .notice(let lines):
            // Where standard error goes elsewhere, it is read there.
            if !terminal.hasErrorsToo { for line in lines { console.notice(line) } }
            return lines.flatMap { text in
                let colour: Colour =
                    text.hasPrefix("hint:") ? .faint : text.hasPrefix("error:") ? .red : .yellow
                return paragraph(text, colour, at: now, columns, style)
            }
        }
    }

    /// A time, and words beside it.
    private func paragraph(
        _ text: String,
        _ colour: Colour,
        at now: Timestamp,
        _ columns: Int,
        _ style: FrameStyle
    ) -> [String] {
        let time = style.text("\(TimeText.clock(now)) ", .faint)
        let indent = style.text(String(repeating: " ", count: time.width))
        return style.lines(text, columns: columns - time.width).enumerated().map { index, line in
            ((index == 0 ? time : indent) + style.text(line, colour)).text(colours: style.colours)
        }
    }
}
