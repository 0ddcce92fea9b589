/// What a person can ask of a rollout.
package enum Verb: String, Sendable, Hashable, Codable, CaseIterable {
    case start
    case step
    case promote
    case pause
    case resume
    case acceptPolicy = "accept-policy"
    case rollback
}

/// What a verb does in a phase.
package enum VerbAnswer: Sendable, Equatable {
    case does
    /// Says so and changes nothing; success.
    case nothingToDo(String)
    /// An error with a hint; changes nothing.
    case refuses(String, hint: String)
}

extension Verb {
    /// The verb × phase table, without the verbs' own conditions (drift, reasons, evidence).
    package func answer(in phase: PhaseName) -> VerbAnswer {
        switch self {
        case .start: startAnswer(in: phase)
        case .step, .rollback: .does
        case .promote: promoteAnswer(in: phase)
        case .pause: pauseAnswer(in: phase)
        case .resume: resumeAnswer(in: phase)
        case .acceptPolicy: acceptPolicyAnswer(in: phase)
        }
    }

    private func startAnswer(in phase: PhaseName) -> VerbAnswer {
        switch phase {
        case .ready, .rolledBack: .does
        case .progressing: .refuses("the rollout is already under way", hint: "see 'status'")
        case .paused: .refuses("the rollout is paused, not finished", hint: "continue it with 'resume'")
        case .completed:
            .refuses(
                "the rollout is complete",
                hint: "to begin again, roll back first, then 'start --from-step'"
            )
        }
    }

    private func promoteAnswer(in phase: PhaseName) -> VerbAnswer {
        switch phase {
        case .progressing: .does
        case .ready: .refuses("the rollout is not started", hint: "start it with 'start'")
        case .paused: .refuses("the rollout is paused", hint: "continue it with 'resume' first")
        case .rolledBack: .refuses("the rollout is rolled back", hint: "begin again with 'start --from-step'")
        case .completed: .nothingToDo("the rollout is complete")
        }
    }

    private func pauseAnswer(in phase: PhaseName) -> VerbAnswer {
        switch phase {
        case .progressing, .paused: .does
        case .ready: .refuses("the rollout is not started", hint: "there is nothing to pause")
        case .rolledBack: .refuses("the rollout is rolled back", hint: "there is nothing to pause")
        case .completed: .refuses("the rollout is complete", hint: "to take it back, use 'rollback'")
        }
    }

    private func resumeAnswer(in phase: PhaseName) -> VerbAnswer {
        switch phase {
        case .paused: .does
        case .progressing: .nothingToDo("the rollout is under way")
        case .completed: .nothingToDo("the rollout is complete")
        case .ready: .refuses("the rollout is not started", hint: "start it with 'start'")
        case .rolledBack: .refuses("the rollout is rolled back", hint: "begin again with 'start --from-step'")
        }
    }

    private func acceptPolicyAnswer(in phase: PhaseName) -> VerbAnswer {
        switch phase {
        case .progressing, .paused: .does
        case .ready, .rolledBack, .completed: .nothingToDo("'start' will take the policy file as it is then")
        }
    }
}

/// Why a verb was not carried out; nothing was changed.
package struct Refused: Error, Sendable, Equatable {
    package var message: String
    package var hint: String?
    package var kind: Kind

    package init(_ message: String, hint: String? = nil, kind: Kind = .usage) {
        self.message = message
        self.hint = hint
        self.kind = kind
    }

    /// Which exit status it deserves.
    package enum Kind: Sendable, Equatable {
        /// The verb does not fit the rollout.
        case usage
        /// Something needed did not answer.
        case unavailable
        /// Credentials or permissions.
        case permission
        /// The policy asks what cannot be answered.
        case policy
    }
}

/// Who asks, and why.
package struct Request: Sendable, Equatable {
    package var actor: String
    package var reason: String?

    package init(actor: String, reason: String? = nil) {
        self.actor = actor
        self.reason = reason
    }

    var reasons: [Reason] {
        [Reason(code: "asked", text: reason ?? "asked for by \(actor)")]
    }
}
