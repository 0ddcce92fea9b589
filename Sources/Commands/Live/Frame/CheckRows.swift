import Rollout

/// The checks below each other, in columns that fit.
struct CheckRows {
    var gauges: [CheckGauge]
    var width: Int
    var style: FrameStyle

    private static let indent = 2
    private static let gap = 2

    /// How wide the drawings are, from roomy to none, and whether samples are told.
    private static let layouts: [Layout] = [
        Layout(bar: 10, sparkline: 16, hasSamples: true), Layout(bar: 10, sparkline: 10, hasSamples: true),
        Layout(bar: 8, sparkline: 8, hasSamples: true), Layout(bar: 10, sparkline: 10, hasSamples: false),
        Layout(bar: 8, sparkline: 8, hasSamples: false), Layout(bar: 6, sparkline: 5, hasSamples: false),
        Layout(bar: 5, sparkline: 0, hasSamples: false), Layout(bar: 0, sparkline: 0, hasSamples: false),
    ]

    private struct Layout {
        var bar: Int
        var sparkline: Int
        var hasSamples: Bool

        var drawings: Int { bar + sparkline + (bar > 0 ? CheckRows.gap : 0) + (sparkline > 0 ? 1 : 0) }
    }

    var rows: [FrameRow] {
        let names = gauges.map { style.text($0.name, .bold).cut(to: max(8, width / 3), mark: style.cutMark) }
        let readings = gauges.map { style.text($0.reading, $0.strain.map { $0 > 1 ? .red : nil } ?? .faint) }
        let name = names.map(\.width).max() ?? 0
        let reading = readings.map(\.width).max() ?? 0
        let left = width - Self.indent - name - reading - 2 * Self.gap
        func isFitting(_ layout: Layout) -> Bool {
            layout.drawings + (gauges.map { words($0, layout).width }.max() ?? 0) <= left
        }
        let layout = Self.layouts.first(where: isFitting) ?? Layout(bar: 0, sparkline: 0, hasSamples: false)
        return zip(gauges, zip(names, readings)).flatMap { gauge, texts in
            var line = style.text("  ") + texts.0.padded(to: name + Self.gap)
            line += texts.1.padded(to: reading + Self.gap)
            if layout.bar > 0 { line += bar(gauge, layout.bar) + style.text(" ") }
            if layout.sparkline > 0 { line += sparkline(gauge, layout.sparkline) + style.text(" ") }
            if layout.bar > 0 { line += style.text(" ") }
            let isAmiss = gauge.cause.map { $0 != .healthy } ?? false
            let row = FrameRow(
                text: line + words(gauge, layout),
                importance: isAmiss ? .checkAmiss : .check
            )
            return [row] + (isAmiss ? [reason(gauge)] : []) + evidence(gauge, isAmiss)
        }
    }

    private static let ends = (rollback: "rollback ", goOn: " go on")

    /// How far a comparison is from either end, and what would bring it there.
    private func evidence(_ gauge: CheckGauge, _ isAmiss: Bool) -> [FrameRow] {
        guard let evidence = gauge.evidence else { return [] }
        let text = style.text("  \(evidence.text)", .faint)
        let room = width - 5 - Self.ends.rollback.count - Self.ends.goOn.count - text.width
        let cells = max(3, min(12, room / 2))
        let harmful = EvidenceBar.filled(evidence.harm, of: cells)
        let harmless = EvidenceBar.filled(evidence.harmlessness, of: cells)
        func cellText(_ cell: String, _ count: Int, _ colour: Colour?) -> StyledText {
            style.text(String(repeating: cell, count: count), colour)
        }
        let left =
            cellText(style.emptyCell, cells - harmful, .faint)
            + cellText(style.fullCell, harmful, evidence.harm < 1 ? .yellow : .red)
        let right =
            cellText(style.fullCell, harmless, .green)
            + cellText(style.emptyCell, cells - harmless, .faint)
        let bar =
            style.text("    \(Self.ends.rollback)", .faint) + left + style.text(style.middle) + right
            + style.text(Self.ends.goOn, .faint)
        let needs =
            (isAmiss ? evidence.resolution : nil).map {
                [FrameRow(text: style.text("    needs \($0)", .faint), importance: .comment)]
            } ?? []
        return [FrameRow(text: bar + text, importance: isAmiss ? .check : .detail)] + needs
    }

    private func reason(_ gauge: CheckGauge) -> FrameRow {
        FrameRow(text: style.text("    \(gauge.reason)", .faint), importance: .detail)
    }

    private func words(_ gauge: CheckGauge, _ layout: Layout) -> StyledText {
        guard let cause = gauge.cause else { return style.text("not judged yet", .faint) }
        let word = style.text(cause.words, cause.colour)
        guard layout.hasSamples, let samples = gauge.samples else { return word }
        return word + style.text(", \(NumberText.count(samples)) samples", .faint)
    }

    private func bar(_ gauge: CheckGauge, _ cells: Int) -> StyledText {
        let strain = gauge.strain ?? 0
        return style.bar(of: min(1, strain), cells: cells, strain > 1 ? .red : .green)
    }

    /// The last values, each as high as its share of the limit.
    private func sparkline(_ gauge: CheckGauge, _ cells: Int) -> StyledText {
        let levels = style.levels
        let line = gauge.strains.suffix(cells).reduce(StyledText.empty) { line, strain in
            let level = min(levels.count - 1, Int(min(1, strain) * Double(levels.count)))
            return line + style.text(levels[level], strain > 1 ? .red : nil)
        }
        return line.padded(to: cells)
    }
}
