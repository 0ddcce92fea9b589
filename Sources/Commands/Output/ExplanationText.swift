import Assignment
import Rollout

extension Explanation {
    /// The explanation in full sentences, at most 80 columns where names allow it.
    func text(isPolicyAccepted: Bool, _ console: Console) -> [String] {
        let title = "\(flag): \(console.painted(standing.first ?? phase.words, phase.colour))"
        let accepted =
            isPolicyAccepted
            ? [] : ["the policy file is not the accepted one: nothing advances until 'accept-policy'"]
        var lines = Paragraph.lines(title, after: "")
        lines += (Array(standing.dropFirst()) + accepted).flatMap { bullet($0) }
        for check in checks {
            lines += ["", heading(check.name, console, check.cause)] + check.sentences.flatMap { bullet($0) }
        }
        lines += section("To go on", advancing, console)
        lines += section("What rolls back", rollingBack, console)
        lines += section("Clocks", clocks.map(\.text), console)
        if let holdback { lines += section("Held back", [holdback], console) }
        return lines + ["", heading("What every kind of input does", console)] + matrixLines
    }

    private func section(_ title: String, _ sentences: [String], _ console: Console) -> [String] {
        guard !sentences.isEmpty else { return [] }
        return ["", heading(title, console)] + sentences.flatMap { bullet($0) }
    }

    private func heading(_ title: String, _ console: Console, _ cause: Cause? = nil) -> String {
        let word = cause.map { ": \(console.painted($0.words, $0.colour))" } ?? ""
        return console.painted(title, .bold) + word
    }

    private func bullet(_ sentence: String) -> [String] { Paragraph.lines(sentence, after: "  - ") }

    private var matrixLines: [String] {
        let width = matrix.map(\.cause.rawValue.count).max() ?? 0
        return matrix.flatMap { row in
            let name = row.cause.rawValue + String(repeating: " ", count: width - row.cause.rawValue.count)
            return Paragraph.lines("\(row.cause.meaning): \(row.effect)", after: "  \(name)  ")
        }
    }
}

extension ExplainedClock {
    /// Whether it runs, and what it does when it has run out.
    fileprivate var text: String {
        let action = deadline.action.word
        guard let since, let actsAt else {
            return "\(cause.text): not running; \(action) after \(deadline.after)"
        }
        return
            "\(cause.text): since \(TimeText.clock(since)), \(action) at \(TimeText.clock(actsAt)) UTC (after \(deadline.after))"
    }
}
