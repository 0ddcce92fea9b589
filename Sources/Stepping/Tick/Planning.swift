package import Rollout

extension ReadOnlyWorld {
    /// What the next tick would do.
    ///
    /// Changes nothing: this world has no way to.
    ///
    /// Orders left unconfirmed count as settled the way the tick would settle them.
    package func plan(_ policy: Policy, policyDigest: String) throws(SteppingError) -> TickReport {
        let stored: StoredState?
        do { stored = try store.load(flag: policy.flag) } catch { throw .store(error) }
        let now = clock.now()
        guard let stored else { return preview(policy, at: now) }
        var sightings = sightings(of: stored.state.policy)
        let settlement = stored.state.settled(against: sightings, at: now)
        var state = settlement.state
        if case .lower(let allocation) = settlement.effect {
            for index in sightings.indices where sightings[index].isAvailable {
                switch PublishOrder.lower(to: allocation).resolved(against: sightings[index].allocation) {
                case .write(let written): sightings[index].shown = .allocation(written)
                case .alreadyThere, .leave: break
                case .superseded: continue
                }
                let shown = sightings[index].allocation
                state = state.confirming(sightings[index].identity, shows: shown, at: now)
            }
        }
        let evidence = evidence(for: state, sightings, policyDigest: policyDigest, at: now)
        let transition = state.advanced(seeing: evidence, at: now)
        return TickReport(
            decision: transition.decision,
            state: transition.state,
            reasons: settlement.entries.flatMap(\.reasons) + transition.reasons,
            judgements: transition.judgements,
            measurements: evidence.measurements,
            sightings: sightings,
            need: transition.need,
            at: now
        )
    }

    /// What the checks of a rollout that is not started say about the newest interval.
    package func preview(_ policy: Policy, at now: Timestamp) -> TickReport {
        let answers = answers(to: policy.trialQuestions(at: now), under: policy)
        let judgements = policy.judgedOnTrial(answers.measurements, at: now)
        let reason = Reason(
            code: "not-started",
            text: "not started; the first step would be \(policy.firstPercentage)"
        )
        return TickReport(
            decision: .notStarted,
            state: nil,
            reasons: [reason] + judgements.map(Reason.judgement),
            judgements: judgements,
            measurements: answers.measurements,
            sightings: sightings(of: policy),
            at: now
        )
    }
}
