package import Rollout

extension Stepper {
    /// Begins a rollout after a preflight.
    ///
    /// - Parameters:
    ///   - start: What was asked.
    ///   - acceptingNoData: Whether selectors without any series are known to fill later.
    /// - Returns: What was decided; the first allocation is published then, or a problem says why not.
    /// - Throws: ``SteppingError`` where a question cannot be answered, a target not written, or the rollout
    ///   does not permit it.
    package func start(_ start: StartRequest, acceptingNoData: Bool) throws(SteppingError) -> TickReport {
        var start = start
        start.trial = try preflight(start.policy, acceptingNoData: acceptingNoData)
        start.histories = world.readOnly.histories(of: start.policy, at: world.clock.now())
        for _ in 0..<Self.attempts {
            let former = try settle(start.policy.flag)
            let now = world.clock.now()
            let sightings = world.readOnly.sightings(of: start.policy)
            let transition: Transition
            do throws(Refused) {
                transition = try start.transition(from: former?.state, sightings: sightings, at: now)
            } catch {
                throw .refused(error)
            }
            let settled = Settled(
                state: former?.state ?? transition.state,
                version: former?.version,
                sightings: sightings,
                problems: []
            )
            if case .done(let report) = try apply(transition, to: settled, [], at: now) { return report }
        }
        throw .lostRaces(Self.attempts)
    }

    /// Proves that every question can be answered and every target written, before anybody is exposed.
    ///
    /// Returns the answers, which are a first look at what later ticks count.
    private func preflight(_ policy: Policy, acceptingNoData: Bool) throws(SteppingError) -> [Measurement] {
        for target in world.targets(policy) {
            do { try target.probe() } catch { throw .target(identity: target.identity, error) }
        }
        let questions = policy.trialQuestions(at: world.clock.now())
        let answers = world.readOnly.answers(to: questions, under: policy)
        do {
            try policy.checkAnswerable(answers.measurements, acceptingNoData: acceptingNoData)
            try policy.checkClock(answers.serverClockAhead)
        } catch { throw .refused(error) }
        return answers.measurements
    }

    /// Disables the flag on every target of `policy` although its state cannot be had.
    ///
    /// The next tick that can load the state finds the flag disabled and latches that as a rollback.
    package func disable(_ policy: Policy, despite problem: StateStoreError) -> TickReport {
        let reason = Reason(
            code: "rollback-without-state",
            text: "disabled without the state, which cannot be used"
        )
        var problems: [Problem] = [.store(problem)]
        for target in world.targets(policy) {
            do throws(FlagTargetError) {
                _ = try target.carryOut(.lower(to: policy.disabled))
            } catch {
                problems.append(.target(identity: target.identity, error))
            }
        }
        return TickReport(
            decision: .rolledBack,
            state: nil,
            reasons: [reason],
            sightings: world.readOnly.sightings(of: policy),
            problems: problems,
            at: world.clock.now()
        )
    }

    /// Disables the flag of a rollout that was never started and latches that.
    package func rollBackUnstarted(_ start: StartRequest) throws(SteppingError) -> TickReport {
        let now = world.clock.now()
        let sightings = world.readOnly.sightings(of: start.policy)
        let transition = start.rollback(sightings: sightings, at: now)
        let settled = Settled(state: transition.state, version: nil, sightings: sightings, problems: [])
        switch try apply(transition, to: settled, [], at: now) {
        case .done(let report): return report
        case .lost: return try carryOut(.rollback(start.request), flag: start.policy.flag)
        }
    }
}
