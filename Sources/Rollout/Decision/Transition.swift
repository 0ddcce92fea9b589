package import Assignment

/// The pure result of a tick or a verb: what the rollout becomes, what must be done, and why.
package struct Transition: Sendable, Equatable {
    package var state: RolloutState
    /// What to carry out on the targets once the state is saved.
    package var effect: Effect?
    package var decision: Decision
    package var reasons: [Reason]
    package var entries: [LedgerEntry]
    /// What this tick made of each check; empty when nothing was judged.
    package var judgements: [Judgement]
    /// Why a person is needed, if one is.
    package var need: Need?

    package init(
        state: RolloutState,
        effect: Effect? = nil,
        decision: Decision,
        reasons: [Reason],
        entries: [LedgerEntry] = [],
        judgements: [Judgement] = [],
        need: Need? = nil
    ) {
        self.state = state
        self.effect = effect
        self.decision = decision
        self.reasons = reasons
        self.entries = entries
        self.judgements = judgements
        self.need = need
    }
}

/// What to do to every target.
package enum Effect: Sendable, Equatable {
    /// In order; stops at the first failure. Each target must still show what was confirmed on it.
    case raise(to: Allocation)
    /// On all targets, even when one fails, and even when the state could not be saved.
    case lower(to: Allocation)
    /// Refuse raises ordered earlier; exposes as many as before.
    case stamp(revision: Int)

    /// Whether it may be carried out although the state was not saved.
    package var isLowering: Bool {
        switch self {
        case .raise: false
        case .lower, .stamp: true
        }
    }
}

/// What a tick or a verb came to, in a word.
package enum Decision: String, Sendable, Hashable, Codable, CaseIterable {
    case notStarted
    case started
    case adopted
    case nothingNew
    case held
    case advanced
    case completed
    case paused
    case resumed
    case promoted
    case policyAccepted
    case rolledBack
    case finished
    /// Somebody else's decision was saved first.
    case lostRace
}

/// Something only a person can settle.
package struct Need: Sendable, Equatable, Codable {
    /// Stable for as long as it is the same need.
    package var key: String
    package var text: String
    /// A command line without the program's name: `resume --reassert`.
    package var command: String?

    package init(key: String, text: String, command: String? = nil) {
        self.key = key
        self.text = text
        self.command = command
    }
}
