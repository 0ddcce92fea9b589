import Analysis
import Assignment

/// The words for everything that is decided, in one place.
extension Reason {
    package static func judgement(_ judgement: Judgement) -> Reason {
        Reason(code: "check-\(judgement.cause.code)", text: "\(judgement.check): \(judgement.text)")
    }

    /// What a comparison begins with: measured burstiness, or a cautious one.
    static func history(_ history: ControlHistory?, of check: String) -> Reason {
        let progress = history.map { ComparisonProgress($0) } ?? .unknown
        let burstiness = NumberText.decimal(progress.test.dispersion.prior, places: 1)
        let failures = progress.test.history.failures
        if let why = history?.missing {
            let text = "\(check): no history (\(why)); a burstiness of \(burstiness) is assumed"
            return Reason(code: "history-unavailable", text: text)
        }
        guard let history, failures >= ComparisonProgress.tellingFailures else {
            let seen = "\(NumberText.count(failures)) failures of history"
            let text = "\(check): \(seen), too few to tell how bursty they are; \(burstiness) is assumed"
            return Reason(code: "history-too-short", text: text)
        }
        let known = history.intervals.count { $0.exposures > 0 }
        let text =
            "\(check): burstiness \(burstiness), from \(NumberText.count(failures)) failures in "
            + "\(history.interval * Int64(known)) of history"
        return Reason(code: "history", text: text)
    }

    static func baking(_ baked: Span, of bake: Span) -> Reason {
        Reason(code: "baking", text: "baked \(baked.wholeSeconds) of \(bake)")
    }

    static let judgedTooLittle = Reason(
        code: "too-few-judged-ticks",
        text: "no full interval judged healthy since the targets settled"
    )

    static let nothingNew = Reason(code: "nothing-new", text: "no new full interval since the last tick")

    static func advancing(from: Percentage, to: Percentage) -> Reason {
        Reason(code: "healthy", text: "every check is healthy: \(from) → \(to)")
    }

    static func completed(at percentage: Percentage, from before: Percentage) -> Reason {
        let end = before < percentage ? "goes from \(before) to \(percentage)" : "stays at \(percentage)"
        return Reason(code: "completed", text: "the last step is baked; the flag \(end)")
    }

    static func finished(_ phase: Phase) -> Reason {
        switch phase {
        case .completed: Reason(code: "finished", text: "the rollout is complete")
        case .rolledBack(let cause): Reason(code: "finished", text: "rolled back: \(cause.text)")
        case .ready: Reason(code: "not-started", text: "the rollout is not started")
        case .progressing, .paused: nothingNew
        }
    }

    static func rollback(_ cause: RollbackCause) -> Reason {
        Reason(code: "rollback-\(cause.code)", text: cause.text)
    }

    static func pause(_ cause: PauseCause) -> Reason {
        Reason(code: "paused-\(cause.code)", text: cause.text)
    }

    static func withdrawn(_ allocation: Allocation) -> Reason {
        Reason(
            code: "raise-withdrawn",
            text: "revision \(allocation.revision) to \(allocation.percentage) never reached every target"
        )
    }

    static func confirmed(_ allocation: Allocation) -> Reason {
        Reason(
            code: "confirmed",
            text: "every target shows \(allocation.exposure) (revision \(allocation.revision))"
        )
    }

    static func unavailable(_ sighting: Sighting, _ why: String) -> Reason {
        Reason(code: "target-unavailable", text: "\(sighting.identity): \(why)")
    }

    static func clockSkew(_ ahead: Span) -> Reason {
        let side = ahead < .zero ? "behind" : "ahead of"
        let size = Span(milliseconds: Int64(ahead.milliseconds.magnitude))
        return Reason(
            code: "clock-skew",
            text: "the metrics server's clock is \(size.wholeSeconds) \(side) this host's"
        )
    }

    static let clockWentBack = Reason(
        code: "clock-went-back",
        text: "this host's clock is behind the last tick; the step's evidence begins anew"
    )

    static let policyChanged = Reason(
        code: "policy-changed",
        text: "the policy file is not the accepted one; judging goes on under the accepted one"
    )

    static func drift(_ drift: Drift) -> Reason {
        Reason(code: "drift-\(drift.code)", text: "\(drift.target) \(drift.text)")
    }
}

extension Span {
    /// Without the milliseconds nobody reads.
    package var wholeSeconds: Span { Span(milliseconds: milliseconds / 1_000 * 1_000) }
}

extension Cause {
    /// The cause in kebab case, for programs.
    package var code: String {
        rawValue.reduce(into: "") { code, letter in
            code += letter.isUppercase ? "-\(letter.lowercased())" : "\(letter)"
        }
    }
}

extension WaitingCause {
    /// What lasted too long, for people.
    package var text: String {
        switch self {
        case .blind: "no usable evidence"
        case .undecided: "no verdict"
        case .tooFewSamples: "too few samples"
        case .noTraffic: "no traffic"
        }
    }
}

extension PauseCause {
    package var code: String {
        switch self {
        case .person: "by-person"
        case .byHand: "by-hand"
        case .deadline: "by-deadline"
        }
    }

    package var text: String {
        switch self {
        case .person(let actor, let reason): "paused by \(actor)\(reason.map { ": \($0)" } ?? "")"
        case .byHand: "a target was lowered by hand"
        case .deadline(let cause): "\(cause.text) for longer than the policy allows"
        }
    }
}

extension RollbackCause {
    package var code: String {
        switch self {
        case .breach: "breach"
        case .person: "by-person"
        case .byHand: "by-hand"
        case .blind: "blind"
        case .deadline: "by-deadline"
        }
    }

    package var text: String {
        switch self {
        case .breach(let check, let finding): "\(check): \(finding)"
        case .person(let actor, let reason): "asked for by \(actor)\(reason.map { ": \($0)" } ?? "")"
        case .byHand: "the flag was disabled by hand"
        case .blind: "no usable evidence for longer than the policy allows"
        case .deadline(let cause): "\(cause.text) for longer than the policy allows"
        }
    }
}

extension Drift {
    package var code: String {
        switch self {
        case .disabledByHand: "disabled-by-hand"
        case .loweredByHand: "lowered-by-hand"
        case .changed: "changed"
        case .foreignRevision: "foreign-revision"
        case .absent: "absent"
        }
    }

    package var text: String {
        switch self {
        case .disabledByHand: "was disabled by hand"
        case .loweredByHand(_, let allocation): "was lowered to \(allocation.exposure) by hand"
        case .changed(_, let allocation):
            "shows \(allocation.exposure) (revision \(allocation.revision)), which was never ordered"
        case .foreignRevision(_, let allocation):
            "shows revision \(allocation.revision), newer than any ordered here: another controller was at work"
        case .absent: "no longer holds the flag"
        }
    }
}
