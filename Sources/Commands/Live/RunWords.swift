import Assignment
import Rollout
import Stepping

/// The words of a run: one line for everything that happens.
extension RolloutView {
    /// What this tick decided by itself; nil where it only held or had nothing to decide.
    var decisionLine: RunLine? {
        switch decision {
        case .started, .adopted: .event(startLine, .green)
        case .advanced: .event(advanceLine, .green)
        case .completed: .event("completed: \(flag) stays at \(exposure)", .green)
        case .rolledBack: .event("rolled back to \(exposure): \(causes)", .red)
        case .paused: .event("paused at \(exposure): \(causes)", .yellow)
        case .held, .nothingNew, .finished, .notStarted, .lostRace, .resumed, .promoted, .policyAccepted, nil:
            nil
        }
    }

    /// How the rollout stands, where that was not this tick's doing.
    func standingLine(isFirst: Bool, isNewRollout: Bool) -> RunLine {
        switch phase {
        case .ready: return .event("not started", .bold)
        case .completed: return .event("\(flag) is completed at \(exposure)", .green)
        case .rolledBack: return .event("rolled back to \(exposure): \(phaseReason ?? "")", .red)
        case .paused:
            let command = next.map { "; go on with '\($0.command)'" } ?? ""
            return .event("paused at \(exposure): \(phaseReason ?? "")\(command)", .yellow)
        case .progressing:
            let verb = isFirst ? "goes on" : isNewRollout ? "was started again" : "stands"
            return .event("\(flag) \(verb) at \(exposure)\(stepWords)", .green)
        }
    }

    /// A judged interval that changed nothing, with its reasons.
    var judgedLine: String {
        ([otherReasons].filter { !$0.isEmpty } + checks.map(\.brief))
            .joined(separator: "; ")
            .prefixed("held at \(exposure)")
    }

    /// The same with the one reason that matters most.
    var judgedHead: String {
        (reasons.first?.text ?? "").prefixed("held at \(exposure)")
    }

    private var startLine: String {
        let ladder = steps.map { "\($0.percentage)" }.joined(separator: " → ")
        let word = decision == .adopted ? "adopted" : "started"
        guard ordered == nil else { return "\(flag) is being \(word); its targets do not all show it yet" }
        return "\(flag) \(word) at \(exposure), revision \(revision ?? 0); steps \(ladder)"
    }

    private var advanceLine: String {
        let head = ordered.map { "ordered \($0), still at \(exposure)" } ?? "advanced to \(exposure)"
        return checks.map(\.brief).joined(separator: "; ").prefixed(head)
    }

    private var stepWords: String {
        steps.first { $0.standing == .current }.map { ", step \($0.number) of \(steps.count)" } ?? ""
    }

    private var causes: String { reasons.map(\.text).joined(separator: "; ") }

    /// The reasons that are not a check's.
    private var otherReasons: String {
        reasons.filter { !$0.code.hasPrefix("check-") }.map(\.text).joined(separator: "; ")
    }
}

extension RolloutView.CheckView {
    /// `server-errors 0.2 % of at most 1 %` while healthy, else what is the matter.
    fileprivate var brief: String {
        cause == .healthy && value != nil ? "\(name) \(shown) of \(shownLimit)" : "\(name): \(reason)"
    }
}

extension String {
    /// `head: self`, or the head alone where there is nothing to say.
    fileprivate func prefixed(_ head: String) -> String { isEmpty ? head : "\(head): \(self)" }
}

extension RolloutState {
    /// What comes next and when, as it looks now; nil where nothing does by itself.
    func nextText(at now: Timestamp, subject: String) -> String? {
        guard phase.isJudged else { return nil }
        let look = nextDue.map { $0 > now ? "next look in \(($0 - now).roundedUp)" : "looking now" } ?? ""
        guard case .progressing = phase else {
            return "'\(next(subject).command)' goes on; \(look)"
        }
        let goal = nextStep.map { "\(policy.steps[$0].percentage)" } ?? "completion"
        let remaining = bakeView?.remaining ?? .zero
        let left = (progress.lastTickAt ?? now) + remaining - now
        var when = left > .zero ? "in \(left.roundedUp) at the earliest" : "at the next healthy look"
        if let expected = outlook?.steps.first?.passing, expected > .about(max(.zero, left) + policy.interval)
        {
            when = "\(expected.promise), if all is well"
        }
        return "\(goal) \(when); \(look)"
    }
}

extension Span {
    /// In whole seconds, a begun one counted as one.
    fileprivate var roundedUp: Span { Span(milliseconds: (milliseconds + 999) / 1_000 * 1_000) }
}
