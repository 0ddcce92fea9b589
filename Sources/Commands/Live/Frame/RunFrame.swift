import Assignment
import Rollout

extension RunPanel {
    /// The panel as lines for a terminal: never wider than it, never taller.
    ///
    /// Where it does not fit, what matters least is left out: blank lines first, the checks that are amiss last.
    func frame(width: Int, height: Int, style: FrameStyle) -> [String] {
        let drawing = FrameDrawing(panel: self, width: min(width, FrameDrawing.widest), style: style)
        return FrameRow.fitting(drawing.rows, height: height, style)
            .map { $0.text.cut(to: width, mark: style.cutMark).text(colours: style.colours) }
    }
}

/// One line of a frame, and how soon it is left out.
struct FrameRow {
    var text: StyledText
    var importance: Importance

    enum Importance: Int, Comparable {
        case blank, comment, detail, check, checkAmiss, standing

        static func < (one: Importance, other: Importance) -> Bool { one.rawValue < other.rawValue }
    }

    /// As many rows as there is room for; says how many checks are left out.
    static func fitting(_ rows: [FrameRow], height: Int, _ style: FrameStyle) -> [FrameRow] {
        var kept = rows
        var hiddenChecks = 0
        func isTooTall() -> Bool { kept.count + (hiddenChecks > 0 ? 1 : 0) > max(0, height) }
        while isTooTall(), let least = kept.map(\.importance).min(),
            let index = kept.lastIndex(where: { $0.importance == least })
        {
            if least == .check || least == .checkAmiss { hiddenChecks += 1 }
            kept.remove(at: index)
        }
        guard hiddenChecks > 0, height > 0 else { return kept }
        let lastCheck = kept.lastIndex { $0.importance == .check || $0.importance == .checkAmiss }
        let words = hiddenChecks == 1 ? "1 more check" : "\(hiddenChecks) more checks"
        let note = FrameRow(text: style.text("  … and \(words)", .faint), importance: .standing)
        kept.insert(note, at: lastCheck.map { $0 + 1 } ?? min(2, kept.count))
        return kept
    }
}

/// Draws one panel row by row.
struct FrameDrawing {
    var panel: RunPanel
    var width: Int
    var style: FrameStyle

    /// Wider lines are hard to follow with the eye.
    static let widest = 110
    private static let labelWidth = 10

    var rows: [FrameRow] {
        guard let view = panel.view else { return [header("looking …", .bold)] + trouble }
        let blank = FrameRow(text: .empty, importance: .blank)
        let checks = CheckRows(gauges: panel.gauges, width: width, style: style).rows
        return [header(view)] + [ladder(view)] + bake(view)
            + (checks.isEmpty ? [] : [blank]) + checks
            + targets(view) + [blank] + latest + need + trouble + next
    }

    // MARK: Rows

    private func header(_ view: RolloutView) -> FrameRow {
        let stands = view.ordered.map { "\(view.exposure), ordered \($0)" } ?? "\(view.exposure)"
        return header("\(view.flag): \(view.phase.words) at \(stands)", view.phase.colour)
    }

    /// Whether the rollout has come to its end, and not only the watch over it.
    private var hasEnded: Bool { panel.ending == .completed || panel.ending == .rolledBack }

    private func header(_ title: String, _ colour: Colour) -> FrameRow {
        let elapsed = panel.elapsed.map { "\(hasEnded ? "took " : "")\($0)" } ?? ""
        let right = style.text(elapsed.isEmpty ? "" : " \(elapsed) ")
        let left =
            (style.text("\(style.rule)\(style.rule) ", .faint) + style.text(title, colour) + style.text(" "))
            .cut(to: max(0, width - right.width - 2), mark: style.cutMark)
        let gap = max(0, width - left.width - right.width - 2)
        let line =
            left + style.text(String(repeating: style.rule, count: gap), .faint) + right
            + style.text(style.rule + style.rule, .faint)
        return FrameRow(text: line, importance: .standing)
    }

    private func ladder(_ view: RolloutView) -> FrameRow {
        let rungs = view.steps.map(rung)
        let current = view.steps.firstIndex { $0.standing == .current } ?? 0
        // A long ladder is shown around the current step.
        var shown = rungs.indices
        func line() -> StyledText {
            var line = style.text(shown.lowerBound > 0 ? "… " : "", .faint)
            for index in shown {
                if index > shown.lowerBound {
                    let isTaken = view.steps[index].standing != .ahead
                    line += style.text(isTaken ? style.takenPath : style.openPath, isTaken ? .green : .faint)
                }
                line += rungs[index]
            }
            return line + style.text(shown.upperBound < rungs.count ? " …" : "", .faint)
        }
        while line().width > width - Self.labelWidth, shown.count > 1 {
            let isBefore = current - shown.lowerBound > shown.upperBound - 1 - current
            shown = isBefore ? shown.dropFirst().indices : shown.dropLast().indices
        }
        return labelled("steps", line(), .standing)
    }

    private func rung(_ step: RolloutView.StepView) -> StyledText {
        switch step.standing {
        case .done: style.text("\(style.doneMark) \(step.percentage)", .green)
        case .current: style.text("\(style.currentMark) \(step.percentage)", .bold)
        case .ahead: style.text("\(style.aheadMark) \(step.percentage)", .faint)
        }
    }

    private func bake(_ view: RolloutView) -> [FrameRow] {
        guard let bake = view.bake else { return [] }
        let share = bake.of > .zero ? min(1, bake.baked.seconds / bake.of.seconds) : 1
        let words = "  \(min(bake.baked, bake.of)) of \(bake.of)"
        let cells = max(4, min(30, width - Self.labelWidth - words.count - 2))
        let bar = style.bar(of: share, cells: cells, share < 1 ? nil : .green)
        return [labelled("bake", bar + style.text(words), .standing)]
    }

    private func targets(_ view: RolloutView) -> [FrameRow] {
        guard view.phase != .ready else { return [] }
        return view.targets.filter { !$0.isAsOrdered }.flatMap { target in
            let shows = target.exposure.map { "shows \($0), not \(target.expected)" } ?? target.remark
            return paragraph("target", "\(target.name): \(shows)", .yellow, .detail)
        }
    }

    private var latest: [FrameRow] {
        // An ending is told below the last frame.
        guard let latest = panel.latest, !hasEnded else { return [] }
        let time = style.text("\(TimeText.clock(latest.at)) ", .faint)
        return [labelled("last", time + style.text(latest.text, latest.colour), .standing)]
    }

    private var need: [FrameRow] {
        // The rollback itself says all of it, once it is done.
        guard let need = panel.need, panel.ending != .rolledBack else { return [] }
        let command = need.command.map { paragraph("", $0, .bold, .standing) } ?? []
        return paragraph("needs", need.text, .yellow, .standing) + command
    }

    private var trouble: [FrameRow] {
        panel.troubles.flatMap { trouble in
            let words = trouble.hasPrefix("error: ") ? String(trouble.dropFirst("error: ".count)) : trouble
            return paragraph("error", words, .red, .standing)
        }
    }

    private var next: [FrameRow] {
        guard panel.ending == nil else { return [] }
        let hint = style.text("  Ctrl-C ends the watch and leaves the rollout as it is", .faint)
        let next = panel.next.map { [labelled("next", style.text($0), .standing)] } ?? []
        return next + [FrameRow(text: hint, importance: .comment)]
    }

    // MARK: Pieces

    private func labelled(_ label: String, _ text: StyledText, _ importance: FrameRow.Importance) -> FrameRow
    {
        let head = style.text("  \(label)", .faint).padded(to: Self.labelWidth)
        return FrameRow(text: head + text, importance: importance)
    }

    /// A label and words on up to three lines.
    private func paragraph(
        _ label: String,
        _ text: String,
        _ colour: Colour,
        _ importance: FrameRow.Importance
    ) -> [FrameRow] {
        let lines = style.lines(text, columns: width - Self.labelWidth)
        let shown = lines.count > 3 ? lines.prefix(2) + [lines.dropFirst(2).joined(separator: " ")] : lines
        return shown.enumerated().map { index, line in
            labelled(index == 0 ? label : "", style.text(line, colour), index == 0 ? importance : .detail)
        }
    }
}

extension FrameStyle {
    /// A bar of some cells, filled to a share between 0 and 1; something is never shown as nothing.
    func bar(of share: Double, cells: Int, _ colour: Colour?) -> StyledText {
        let filled = share > 0 ? max(1, min(cells, Int(share * Double(cells)))) : 0
        return text(String(repeating: fullCell, count: filled), colour)
            + text(String(repeating: emptyCell, count: cells - filled), .faint)
    }
}

extension PhaseName {
    /// Green while all goes well, red once it was taken back.
    var colour: Colour {
        switch self {
        case .rolledBack: .red
        case .paused: .yellow
        case .completed, .progressing: .green
        case .ready: .bold
        }
    }
}
