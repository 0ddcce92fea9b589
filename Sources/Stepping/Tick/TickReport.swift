package import Rollout

/// What one invocation came to: the one value every rendering starts from.
package struct TickReport: Sendable, Equatable {
    package var decision: Decision
    /// The state as far as it is known to be saved; nil when there is none.
    package var state: RolloutState?
    package var reasons: [Reason]
    /// What this tick made of each check; empty when nothing was judged.
    package var judgements: [Judgement]
    package var measurements: [Measurement]
    package var sightings: [Sighting]
    package var need: Need?
    /// Whether the need is to be told now, even when quiet.
    package var tells: Bool
    /// What could not be done; a later tick tries again.
    package var problems: [Problem]
    package var at: Timestamp

    package init(
        decision: Decision,
        state: RolloutState?,
        reasons: [Reason],
        judgements: [Judgement] = [],
        measurements: [Measurement] = [],
        sightings: [Sighting] = [],
        need: Need? = nil,
        tells: Bool = false,
        problems: [Problem] = [],
        at: Timestamp
    ) {
        self.decision = decision
        self.state = state
        self.reasons = reasons
        self.judgements = judgements
        self.measurements = measurements
        self.sightings = sightings
        self.need = need
        self.tells = tells
        self.problems = problems
        self.at = at
    }
}

/// Something that failed although the tick went on.
package enum Problem: Sendable, Equatable {
    case target(identity: String, FlagTargetError)
    case store(StateStoreError)
}

/// Why an invocation ended without a report.
package enum SteppingError: Error, Sendable, Equatable {
    case refused(Refused)
    case store(StateStoreError)
    case target(identity: String, FlagTargetError)
    /// Others kept saving first.
    case lostRaces(Int)
}
