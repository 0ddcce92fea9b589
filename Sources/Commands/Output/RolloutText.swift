import Assignment
import Rollout

extension RolloutView {
    /// The long form: what `status` and `plan` print, at most 80 columns where names allow it.
    func text(_ console: Console) -> [String] {
        [headline(console)] + ladder(console) + bakeLines + targetLines(console) + checkLines(console)
            + reasonLines + problemLines(console) + nextLines
    }

    /// The short form: what `step` and the verbs of a person print.
    func shortText(_ console: Console) -> [String] {
        [headline(console)] + reasonLines + problemLines(console)
    }

    private func headline(_ console: Console) -> String {
        let word = decision?.words ?? phase.words
        let stands = ordered.map { "at \(exposure), ordered \($0)" } ?? "\(preposition) \(exposure)"
        let colour: Colour =
            switch phase {
            case .rolledBack: .red
            case .paused: .yellow
            case .completed, .progressing: .green
            case .ready: .bold
            }
        var line = "\(flag): \(console.painted(word, colour)) \(stands)"
        if let revision { line += " (revision \(revision))" }
        if let phaseReason, decision == nil { line += ": \(phaseReason)" }
        return line
    }

    /// A decision that changed the exposure leads to it; everything else stands at it.
    private var preposition: String {
        switch decision {
        case .started, .advanced, .rolledBack: "to"
        default: "at"
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
        return [line("bake", "[\(bar)] \(bake.baked) of \(bake.of)")]
    }

    private func targetLines(_ console: Console) -> [String] {
        targets.map { target in
            let shows = target.exposure.map { "\($0)" } ?? "-"
            let remark = target.isAsOrdered ? target.remark : console.painted(target.remark, .yellow)
            let wanted = target.isAsOrdered || phase == .ready ? "" : " of \(target.expected) ordered"
            return line("target", "\(target.name)  \(shows)\(wanted), \(remark)")
        }
    }

    private func checkLines(_ console: Console) -> [String] {
        checks.flatMap { check in
            let limit = check.shownLimit
            let samples = check.samples.map { ", \(NumberText.count($0)) samples" } ?? ""
            let word = check.cause.map { console.painted($0.words, $0.colour) } ?? "not judged yet"
            let first = line("check", "\(check.name)  \(check.shown), \(limit)\(samples): \(word)")
            let isPlain = check.cause == nil || check.cause == .healthy || check.value != nil
            return isPlain ? [first] : [first, line("", check.reason)]
        }
    }

    private var reasonLines: [String] {
        reasons.enumerated().map { index, reason in line(index == 0 ? "because" : "", reason.text) }
    }

    private func problemLines(_ console: Console) -> [String] {
        problems.map { line(console.painted("problem", .red), $0) }
    }

    private var nextLines: [String] {
        guard let next else { return [] }
        return [line("next", next.text), line("", next.command)]
    }

    private func line(_ label: String, _ text: String) -> String {
        let padding = String(repeating: " ", count: max(1, 9 - label.visibleCount))
        return "  \(label)\(padding)\(text)"
    }
}

extension String {
    /// Its length on a terminal, colour sequences left out.
    fileprivate var visibleCount: Int {
        var count = 0
        var isSequence = false
        for character in self {
            if character == "\u{1B}" {
                isSequence = true
            } else if isSequence {
                isSequence = character != "m"
            } else {
                count += 1
            }
        }
        return count
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

    fileprivate var colour: Colour {
        switch direction {
        case .mayAdvance, .countsAsZero: .green
        case .rollBackNow: .red
        case .countsNothing: .faint
        case .holds, .holdsForAPerson: .yellow
        }
    }
}
