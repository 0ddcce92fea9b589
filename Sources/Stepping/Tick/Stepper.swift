import Assignment
import Rollout

/// Carries out ticks and verbs in the one order that survives being killed anywhere.
///
/// It sequences and never judges: every decision is a pure function of the core. An intent is saved before a
/// raise is published and its confirmation after; a lowering is published even where nothing can be saved.
package struct Stepper: Sendable {
    package var world: World

    package init(world: World) {
        self.world = world
    }

    /// How long a tick waits for another's raise in flight before it takes its writer for dead.
    static let patience = Span.milliseconds(400)
    private static let patienceStep = Span.milliseconds(20)

    /// How often a verb that may lose is decided again on what the winner saved.
    static let attempts = 5
    /// How often one that must win is.
    static let determinedAttempts = 100

    /// One tick: settle, observe, decide, act once.
    ///
    /// - Parameters:
    ///   - flag: Whose rollout.
    ///   - policyDigest: The digest of the policy file as it is now.
    /// - Returns: What was decided and why; the rollout as it is now.
    /// - Throws: ``SteppingError`` where the state cannot be had or nothing may be decided without saving it.
    package func step(flag: String, policyDigest: String?) throws(SteppingError) -> TickReport {
        for _ in 0..<Self.determinedAttempts {
            guard let settled = try settle(flag) else { return notStarted() }
            let now = world.clock.now()
            let evidence = world.readOnly.evidence(
                for: settled.state,
                settled.sightings,
                policyDigest: policyDigest,
                at: now
            )
            let transition = settled.state.advanced(seeing: evidence, at: now)
            let outcome = try apply(transition, to: settled, evidence.measurements, at: now)
            switch outcome {
            case .done(let report): return report
            case .lost where transition.mustWin: continue
            case .lost: return try lost(flag)
            }
        }
        throw .lostRaces(Self.determinedAttempts)
    }

    /// A flag's state with nothing left unconfirmed that could be settled, and what its targets show.
    struct Settled {
        var state: RolloutState
        /// What to replace; nil where nothing is stored yet.
        var version: StateVersion?
        var sightings: [Sighting]
        var problems: [Problem]
    }

    /// Loads a flag's state and settles what a dead process left; nil when there is no state.
    func settle(_ flag: String) throws(SteppingError) -> Settled? {
        for _ in 0..<Self.determinedAttempts {
            guard let (stored, sightings) = try loadPatiently(flag) else { return nil }
            let now = world.clock.now()
            let settlement = stored.state.settled(against: sightings, at: now)
            var settled = Settled(
                state: settlement.state,
                version: stored.version,
                sightings: sightings,
                problems: []
            )
            guard settlement.state != stored.state || settlement.effect != nil else { return settled }
            do throws(StateStoreError) {
                if settlement.state != stored.state {
                    let save = StateSave(state: settlement.state, entries: settlement.entries, at: now)
                    settled.version = try world.store.save(save, replacing: stored.version)
                }
            } catch .conflict {
                continue
            } catch {
                guard settlement.effect?.isLowering == true else { throw .store(error) }
                settled.problems.append(.store(error))
            }
            return carryOut(settlement, settled, at: now)
        }
        throw .lostRaces(Self.determinedAttempts)
    }

    private func carryOut(_ settlement: Settlement, _ settled: Settled, at now: Timestamp) -> Settled {
        guard let effect = settlement.effect else { return settled }
        var settled = settled
        let carried = world.carryOut(effect, from: settled.state, seeing: settled.sightings)
        settled.problems += carried.problems
        settled.sightings = world.readOnly.sightings(of: settled.state.policy)
        if carried.state != settled.state {
            let confirmation = Confirmation(of: settled.state, by: carried.state)
            do throws(StateStoreError) {
                (settled.state, settled.version) = try confirm(confirmation, settled, at: now)
            } catch {
                settled.problems.append(.store(error))
            }
        }
        return settled
    }

    /// Loads state and targets together; waits a little where another tick's raise seems to be in flight.
    private func loadPatiently(_ flag: String) throws(SteppingError) -> (StoredState, [Sighting])? {
        var waited = Span.zero
        while true {
            let stored: StoredState?
            do { stored = try world.store.load(flag: flag) } catch { throw .store(error) }
            guard let stored else { return nil }
            let sightings = world.readOnly.sightings(of: stored.state.policy)
            guard stored.state.mayBeInFlight(sightings), waited < Self.patience else {
                return (stored, sightings)
            }
            world.clock.sleep(Self.patienceStep)
            waited += Self.patienceStep
        }
    }

    private func notStarted() -> TickReport {
        let reason = Reason(code: "not-started", text: "the rollout is not started")
        return TickReport(decision: .notStarted, state: nil, reasons: [reason], at: world.clock.now())
    }

    /// What somebody else saved while this tick was deciding.
    func lost(_ flag: String) throws(SteppingError) -> TickReport {
        let stored: StoredState?
        do { stored = try world.store.load(flag: flag) } catch { throw .store(error) }
        let reason = Reason(code: "lost-race", text: "another invocation decided at the same moment")
        return TickReport(
            decision: .lostRace,
            state: stored?.state,
            reasons: [reason],
            sightings: stored.map { world.readOnly.sightings(of: $0.state.policy) } ?? [],
            at: world.clock.now()
        )
    }
}

extension RolloutState {
    /// Whether a raise was ordered that some target does not show yet, or a target is ahead of this state:
    /// either another process is at it this very moment, or one died.
    fileprivate func mayBeInFlight(_ sightings: [Sighting]) -> Bool {
        if case .raise(let raise) = intent {
            return sightings.contains { $0.isAvailable && $0.allocation != raise.allocation }
        }
        return sightings.contains { ($0.allocation?.revision ?? 0) > revision && $0.exposure != .zero }
    }
}

extension Transition {
    /// Whether losing a race means deciding again: whatever lowers or stands still does not give way.
    var mustWin: Bool {
        switch decision {
        case .rolledBack, .paused: true
        default: false
        }
    }
}
