/// Where a rollout stands.
///
/// An unconfirmed intent is part of the state, not a phase.
package enum Phase: Sendable, Equatable, Codable {
    /// Not started, or its start was withdrawn before anybody was exposed.
    case ready
    /// Baking the step with this index (from 0) of the accepted policy.
    case progressing(step: Int)
    /// Standing still at a step, still judged; only a person goes on.
    case paused(PauseCause, step: Int)
    /// The flag is disabled. A latch: only a new start with a reason leaves it.
    case rolledBack(RollbackCause)
    /// Every step was baked.
    case completed
}

/// Why a rollout stands still.
package enum PauseCause: Sendable, Equatable, Codable {
    case person(actor: String, reason: String?)
    /// Somebody lowered the target by hand.
    case byHand
    /// A cause of holding lasted longer than the policy allows.
    case deadline(WaitingCause)
}

/// Why the flag was disabled.
package enum RollbackCause: Sendable, Equatable, Codable {
    case breach(check: String, finding: String)
    case person(actor: String, reason: String?)
    /// Somebody disabled the target by hand.
    case byHand
    /// No usable evidence for longer than the policy allows.
    case blind
    /// Another cause of holding passed a deadline whose declared action is rollback.
    case deadline(WaitingCause)
}

/// The causes of holding that have a clock and a deadline.
package enum WaitingCause: String, Sendable, Hashable, Codable, CaseIterable {
    case blind
    case undecided
    case tooFewSamples
    case noTraffic
}

extension Phase {
    /// The step the rollout stands at, while it stands at one.
    package var step: Int? {
        switch self {
        case .progressing(let step), .paused(_, let step): step
        case .ready, .rolledBack, .completed: nil
        }
    }

    /// Whether evidence is judged in this phase.
    package var isJudged: Bool { step != nil }

    /// The phase's name in reports and JSON.
    package var name: PhaseName {
        switch self {
        case .ready: .ready
        case .progressing: .progressing
        case .paused: .paused
        case .rolledBack: .rolledBack
        case .completed: .completed
        }
    }
}

/// A phase without its details: the columns of the verb × phase table.
package enum PhaseName: String, Sendable, Hashable, Codable, CaseIterable {
    case ready
    case progressing
    case paused
    case rolledBack
    case completed
}
