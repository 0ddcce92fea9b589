/// Every kind of input a tick can meet.
///
/// The compiler makes each have a ``direction``.
package enum Cause: String, Sendable, Hashable, Codable, CaseIterable {
    /// Healthy on enough samples.
    case healthy
    /// A limit is broken.
    case breached
    /// The treatment says nothing while the control does.
    case treatmentSilent
    /// Enough samples, still no verdict.
    case undecided
    /// Some traffic, but less than a judgement needs.
    case tooFewSamples
    /// No failures series exists, exposures do: a healthy service has no 5xx.
    case noFailuresSeries
    /// An empty result.
    case noData
    /// Nothing happened in any arm: 0/0, NaN, zero exposures.
    case noTraffic
    /// No newer sample than at the last tick.
    case unchanged
    /// More failures than exposures, or a negative count.
    case inconsistent
    /// Infinite.
    case notFinite
    /// Several series where one is asked.
    case ambiguous
    /// An answer from part of the data.
    case partial
    /// The newest sample is too old.
    case stale
    /// No answer: connection refused, timeout, 5xx, 429.
    case unreachable
    /// 401, 403, another 4xx, HTML.
    case refused
    /// Another share of clients has the treatment than is published.
    case splitMismatch
    /// Too early in the step for this question to be about this step only, or nothing to count from yet.
    case notDue
    /// The first look at counters that have no history: the next interval begins here.
    case firstLook
    /// A target cannot be read, or a write failed or has an unknown outcome.
    case targetUnavailable
    /// The policy file is not the accepted one.
    case policyChanged
    /// A target shows what nobody here ordered.
    case drift
    /// This host's clock and the metrics server's differ.
    case clockSkew
    /// The state cannot be saved.
    case storeUnavailable
}

/// What an input does to a rollout.
package enum Direction: Sendable, Equatable {
    /// Permits the next step.
    case mayAdvance
    /// Rolls back in this tick.
    case rollBackNow
    /// Counts as zero failures.
    case countsAsZero
    /// Nothing is counted and nothing is lost; the next tick asks again.
    case countsNothing
    /// Holds; at the deadline of its clock, that deadline's action.
    case holds(WaitingCause)
    /// Holds for as long as it lasts, and a person is told.
    case holdsForAPerson
}

extension Cause {
    /// The fail-direction matrix: absence of evidence never promotes, for any kind of absence.
    package var direction: Direction {
        switch self {
        case .healthy: .mayAdvance
        case .breached, .treatmentSilent: .rollBackNow
        case .noFailuresSeries: .countsAsZero
        case .unchanged, .notDue, .firstLook: .countsNothing
        case .undecided: .holds(.undecided)
        case .tooFewSamples: .holds(.tooFewSamples)
        case .noTraffic: .holds(.noTraffic)
        case .noData, .inconsistent, .notFinite, .ambiguous, .partial, .stale, .unreachable, .refused:
            .holds(.blind)
        case .splitMismatch, .targetUnavailable, .policyChanged, .drift, .clockSkew, .storeUnavailable:
            .holdsForAPerson
        }
    }

    /// Whether the cause leaves the tick without usable evidence.
    package var isBlind: Bool { direction == .holds(.blind) }
}
