import Assignment
import Rollout

extension RolloutView {
    /// The long form: what `status` and `plan` print, at most 80 columns where names allow it.
    func text(_ console: Console) -> [String] {
        // Each check has said its part already.
        let others = reasons.filter { !$0.code.hasPrefix("check-") }
        return [headline(console)] + ladder(console) + bakeLines + targetLines(console) + checkLines(console)
            + reasonLines(others) + problemLines(console) + nextLines + outlookLines(console)
    }

    /// The short form: what `step` and the verbs of a person print.
    func shortText(_ console: Console) -> [String] {
        [headline(console)] + reasonLines(reasons) + evidenceLines(console) + problemLines(console)
    }

    /// Of a hold: how far each comparison is.
    private func evidenceLines(_ console: Console) -> [String] {
        guard decision == .held else { return [] }
        return checks.filter { $0.cause == .undecided || $0.cause == .tooFewSamples }.flatMap { check in
            check.comparison.map { [line("evidence", check.name)] + $0.lines(Self.head(""), console) } ?? []
        }
    }

    private func outlookLines(_ console: Console) -> [String] {
        guard let foreseen else {
            let hint = "no history, so the traffic is not known; 'tidegate lint --traffic 20/s' assumes one"
            return isTrafficUnknown ? paragraph("outlook", hint) : []
        }
        return OutlookText(outlook: foreseen, head: Self.head).lines(isUnderWay: phase != .ready, console)
    }

    private func headline(_ console: Console) -> String {
        let colour = phase.colour
        if kind == "plan", let decision { return "\(flag): \(console.painted(foretold(decision), colour))" }
        let word = decision?.words ?? phase.words
        let stands = ordered.map { "at \(exposure), ordered \($0)" } ?? "\(preposition) \(exposure)"
        let line = "\(flag): \(console.painted(word, colour)) \(stands)"
        return line + (revision.map { " (revision \($0))" } ?? "")
    }

    /// A decision that changed the exposure leads to it; everything else stands at it.
    private var preposition: String {
        switch decision {
        case .advanced, .rolledBack: "to"
        default: "at"
        }
    }

    /// What the next tick would do.
    private func foretold(_ decision: Decision) -> String {
        let goal = ordered ?? exposure
        return switch decision {
        case .advanced: "would advance from \(exposure) to \(goal)"
        case .rolledBack: "would roll back from \(exposure) to \(goal)"
        case .completed: "would complete at \(exposure)"
        case .paused: "would pause at \(goal)"
        case .held: "would hold at \(exposure)"
        case .nothingNew: "would change nothing, at \(exposure)"
        case .notStarted, .finished, .started, .adopted, .resumed, .promoted, .policyAccepted, .lostRace:
            "\(decision.words) at \(exposure)"
        }
    }

    private func ladder(_ console: Console) -> [String] {
        guard !steps.isEmpty else { return [] }
        let rungs = steps.map { step in
            switch step.standing {
            case .done: "\(step.percentage)"
            case .current: console.painted("[\(step.percentage)]", .bold)
            case .ahead: console.painted("\(step.percentage)", .faint)
            }
        }
        return [line("steps", rungs.joined(separator: " → "))]
    }

    private var bakeLines: [String] {
        guard let bake else { return [] }
        let width = 20
        let share = bake.of > .zero ? min(1, bake.baked.seconds / bake.of.seconds) : 1
        let filled = Int(share * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        return [line("bake", "[\(bar)] \(min(bake.baked, bake.of)) of \(bake.of)")]
    }

    private func targetLines(_ console: Console) -> [String] {
        targets.flatMap { target in
            let shows = target.exposure.map { "\($0)" } ?? "-"
            if target.isAsOrdered || phase == .ready {
                return [line("target", "\(target.name)  \(shows), \(target.remark)")]
            }
            let amiss = console.painted("\(shows), not \(target.expected)", .yellow)
            return [line("target", "\(target.name)  \(amiss)")] + paragraph("", target.remark)
        }
    }

    private func checkLines(_ console: Console) -> [String] {
        checks.flatMap { check -> [String] in
            guard let cause = check.cause else {
                return phase.isOver
                    ? [] : [line("check", "\(check.name)  \(check.shownLimit): not judged yet")]
            }
            let samples = check.samples.map { ", \(NumberText.count($0)) samples" } ?? ""
            let value = check.value == nil ? "" : "\(check.shown), "
            let word = console.painted(cause.words, cause.colour)
            // What a comparison is held against is told with its evidence.
            let limit =
                check.comparison == nil || value.isEmpty
                ? "\(check.shownLimit)\(samples)" : "\(samples.dropFirst(2))"
            let first = line("check", "\(check.name)  \(value)\(limit): \(word)")
            let evidence = check.comparison?.lines(Self.head(""), console) ?? []
            // What a comparison has found says more than the reason it was summed up in.
            let finding = cause == .undecided ? check.comparison?.finding : nil
            return [first] + (cause == .healthy ? [] : paragraph("", finding ?? check.reason)) + evidence
        }
    }

    private func reasonLines(_ reasons: [Reason]) -> [String] {
        let phaseReason = decision == nil ? phaseReason.map { [$0] } ?? [] : []
        return (phaseReason + reasons.map(\.text)).enumerated().flatMap { index, text in
            paragraph(index == 0 ? "because" : "", text)
        }
    }

    private func problemLines(_ console: Console) -> [String] {
        problems.flatMap { problem in
            var lines = paragraph("problem", problem)
            lines[0] = lines[0].replacing(
                "problem",
                with: console.painted("problem", .red),
                maxReplacements: 1
            )
            return lines
        }
    }

    private var nextLines: [String] {
        guard let next else { return [] }
        return [line("next", next.text), line("", next.command)]
    }

    private func line(_ label: String, _ text: String) -> String { Self.head(label) + text }

    private func paragraph(_ label: String, _ text: String) -> [String] {
        Paragraph.lines(text, after: Self.head(label))
    }

    /// A label as every line begins with.
    static func head(_ label: String) -> String {
        "  \(label)" + String(repeating: " ", count: max(1, 9 - label.count))
    }
}

extension PhaseName {
    /// Whether no tick judges any more.
    fileprivate var isOver: Bool {
        switch self {
        case .rolledBack, .completed: true
        case .ready, .progressing, .paused: false
        }
    }
}

extension PhaseName {
    /// The phase in words.
    var words: String {
        switch self {
        case .ready: "not started"
        case .progressing: "progressing"
        case .paused: "paused"
        case .rolledBack: "rolled back"
        case .completed: "completed"
        }
    }
}

extension Decision {
    /// The decision in words.
    var words: String {
        switch self {
        case .notStarted: "not started"
        case .started: "started"
        case .adopted: "adopted"
        case .nothingNew: "nothing new"
        case .held: "held"
        case .advanced: "advanced"
        case .completed: "completed"
        case .paused: "paused"
        case .resumed: "resumed"
        case .promoted: "promoted"
        case .policyAccepted: "policy accepted"
        case .rolledBack: "rolled back"
        case .finished: "finished"
        case .lostRace: "left to another invocation"
        }
    }
}

extension Cause {
    /// The cause in words.
    var words: String {
        String(code.map { $0 == "-" ? " " : $0 })
    }

    /// Green where nothing is amiss, red for a breach.
    var colour: Colour {
        switch direction {
        case .mayAdvance, .countsAsZero: .green
        case .rollBackNow: .red
        case .countsNothing: .faint
        case .holds, .holdsForAPerson: .yellow
        }
    }
}
