package import Rollout

/// What a person asks of a rollout that has a state.
package enum Ask: Sendable, Equatable {
    case pause(Request)
    case resume(Request, answering: DriftAnswer?)
    case promote(Request)
    case acceptPolicy(Policy, digest: String, Request)
    case rollback(Request)
}

extension Stepper {
    /// Carries out what a person asked, deciding again as often as somebody else saves first.
    ///
    /// Lowering and standing still win in the end; the rest gives up after a few lost races.
    package func carryOut(_ ask: Ask, flag: String) throws(SteppingError) -> TickReport {
        for _ in 0..<ask.attempts {
            guard let settled = try settle(flag) else {
                throw .refused(Refused("the rollout is not started", hint: "start it with 'start'"))
            }
            let now = world.clock.now()
            let transition: Transition
            do { transition = try ask.transition(of: settled, at: now) } catch { throw .refused(error) }
            if case .done(let report) = try apply(transition, to: settled, [], at: now) { return report }
        }
        throw .lostRaces(ask.attempts)
    }
}

extension Ask {
    fileprivate func transition(of settled: Stepper.Settled, at now: Timestamp) throws(Refused) -> Transition
    {
        let state = settled.state
        switch self {
        case .pause(let request): return try state.paused(by: request, at: now)
        case .resume(let request, let answer):
            return try state.resumed(by: request, answering: answer, sightings: settled.sightings, at: now)
        case .promote(let request): return try state.promoted(by: request, at: now)
        case .acceptPolicy(let policy, let digest, let request):
            return try state.accepting(policy, digest: digest, by: request, at: now)
        case .rollback(let request): return state.rolledBack(by: request, at: now)
        }
    }

    fileprivate var attempts: Int {
        switch self {
        case .pause, .rollback: Stepper.determinedAttempts
        case .resume, .promote, .acceptPolicy: Stepper.attempts
        }
    }
}
