package import Assignment

/// Why a rollout stands where it does, and what moves it, in full sentences.
package struct Explanation: Sendable, Equatable {
    package var flag: String
    package var phase: PhaseName
    package var exposure: Percentage
    /// How it stands, or what it will do.
    package var standing: [String]
    package var checks: [ExplainedCheck]
    /// What the next raise needs.
    package var advancing: [String]
    /// What takes the flag back.
    package var rollingBack: [String]
    package var clocks: [ExplainedClock]
    /// What becomes of the clients that are held back; nil for a policy without comparisons.
    package var holdback: String?
    /// What every kind of input does.
    package var matrix: [ExplainedCause]
}

/// One check in full sentences.
package struct ExplainedCheck: Sendable, Equatable {
    package var name: String
    /// Nil before the first judgement.
    package var cause: Cause?
    package var sentences: [String]
}

/// One clock of holding.
package struct ExplainedClock: Sendable, Equatable {
    package var cause: WaitingCause
    package var deadline: Deadline
    /// Since when it runs; nil where it does not.
    package var since: Timestamp?

    /// When it acts, should nothing else be seen until then.
    package var actsAt: Timestamp? { since.map { $0 + deadline.after } }
}

/// One row of the fail-direction matrix, with the policy's own deadlines.
package struct ExplainedCause: Sendable, Equatable {
    package var cause: Cause
    package var direction: Direction
    package var effect: String
}

extension Explanation {
    /// Explains a rollout as it is remembered.
    package init(_ state: RolloutState) {
        let policy = state.policy
        self.init(
            flag: state.flag,
            phase: state.phase.name,
            exposure: state.confirmed.exposure,
            standing: state.standingSentences,
            checks: policy.checks.map { state.explained($0) },
            advancing: state.needsToAdvance,
            rollingBack: policy.rollbackSentences,
            clocks: WaitingCause.allCases.map {
                ExplainedClock(cause: $0, deadline: policy.deadlines[$0], since: state.waits[$0])
            },
            holdback: policy.holdbackSentence,
            matrix: policy.matrix
        )
    }

    /// Explains what a policy will do once it is started.
    package init(_ policy: Policy) {
        self.init(
            flag: policy.flag,
            phase: .ready,
            exposure: .zero,
            standing: policy.courseSentences,
            checks: policy.checks.map {
                ExplainedCheck(name: $0.name, cause: nil, sentences: [$0.demand(of: policy)])
            },
            advancing: [
                "a person's 'start': it proves that every question is answered and every target written"
            ],
            rollingBack: policy.rollbackSentences,
            clocks: WaitingCause.allCases.map {
                ExplainedClock(cause: $0, deadline: policy.deadlines[$0], since: nil)
            },
            holdback: policy.holdbackSentence,
            matrix: policy.matrix
        )
    }
}

extension Policy {
    fileprivate var matrix: [ExplainedCause] {
        Cause.allCases.map {
            ExplainedCause(cause: $0, direction: $0.direction, effect: $0.direction.words(under: deadlines))
        }
    }

    /// What it will do, step by step.
    fileprivate var courseSentences: [String] {
        let ladder = steps.map { "\($0.percentage)" }.joined(separator: " → ")
        let head = "not started; the flag will go \(ladder), judged every \(interval)"
        return [head]
            + steps.map { step in
                let exposure = exposure(of: step)
                let held = exposure < step.percentage ? ", baked at \(exposure)" : ""
                return "\(step.percentage)\(held) for at least \(step.bake) after \(settle) to settle"
            }
    }

    fileprivate var rollbackSentences: [String] {
        let breaches = checks.flatMap { $0.breaches(of: self) }
        let late = WaitingCause.allCases.filter { deadlines[$0].action == .rollback }
            .map { "\($0.text) for \(deadlines[$0].after)" }
        return breaches + late + ["the flag disabled by hand on a target, or a person's 'rollback'"]
    }

    fileprivate var holdbackSentence: String? {
        guard comparisonChecks.contains(where: \.comparison.hasControl), finalExposure == .hundred else {
            return nil
        }
        guard holdback > .zero else {
            return
                "nobody is held back: in the step of 100 % no control is left, and an incident that hits everybody is blamed on the flag"
        }
        return
            "\(holdback) of the clients keep \(variants.control) while the step of 100 % is baked, so that there is something to compare with; on completion they get \(variants.treatment)"
    }
}
