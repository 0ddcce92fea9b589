import Assignment
import Rollout

extension Stepper {
    /// How applying a transition ended.
    enum Outcome {
        case done(TickReport)
        /// Another invocation decided first: this transition was not saved, or its raise was refused because of
        /// what was ordered since.
        case lost
    }

    /// Saves a transition, carries its effect out, and saves what was confirmed.
    ///
    /// Where the store cannot be written, only a lowering is carried out; the next tick finds it on the target.
    func apply(
        _ decided: Transition,
        to settled: Settled,
        _ measurements: [Measurement],
        at now: Timestamp
    ) throws(SteppingError) -> Outcome {
        let (transition, tells) = decided.telling(at: now)
        var saved = settled
        saved.state = transition.state
        if transition.state != settled.state || !transition.entries.isEmpty {
            let save = StateSave(
                state: transition.state,
                entries: transition.entries,
                measurements: measurements,
                at: now
            )
            do throws(StateStoreError) {
                saved.version = try world.store.save(save, replacing: settled.version)
            } catch .conflict {
                return .lost
            } catch {
                guard transition.effect?.isLowering == true else { throw .store(error) }
                saved.problems.append(.store(error))
            }
        }
        if let effect = transition.effect { publish(effect, &saved, at: now) }
        if isOvertaken(transition, saved) { return .lost }
        let report = TickReport(
            decision: transition.decision,
            state: saved.state,
            reasons: transition.reasons,
            judgements: transition.judgements,
            measurements: measurements,
            sightings: saved.sightings,
            need: transition.need,
            tells: tells,
            problems: saved.problems,
            at: now
        )
        return .done(report)
    }

    /// Whether somebody else has decided since this raise was ordered: refused it, or withdrew it once published.
    ///
    /// A refusal while the order still stands is a problem instead: the document was changed by hand.
    private func isOvertaken(_ transition: Transition, _ saved: Settled) -> Bool {
        guard case .raise(let allocation) = transition.effect else { return false }
        guard saved.state.intent == transition.state.intent else {
            return saved.state.confirmed != allocation
        }
        guard saved.problems.contains(where: \.isSuperseded) else { return false }
        let stored = try? world.store.load(flag: transition.state.flag)
        return stored.map { $0.state.intent != transition.state.intent } ?? false
    }

    /// Carries an effect out and saves what was confirmed; failures become problems for the report.
    private func publish(_ effect: Effect, _ saved: inout Settled, at now: Timestamp) {
        let hasStore = !saved.problems.contains(where: \.isOfStore)
        let carried = world.carryOut(effect, from: saved.state, seeing: saved.sightings)
        saved.problems += carried.problems
        saved.sightings = world.readOnly.sightings(of: saved.state.policy)
        guard hasStore, carried.state != saved.state else {
            saved.state = carried.state
            return
        }
        do throws(StateStoreError) {
            let confirmation = Confirmation(of: saved.state, by: carried.state)
            (saved.state, saved.version) = try confirm(confirmation, saved, at: now)
        } catch {
            saved.state = carried.state
            saved.problems.append(.store(error))
        }
    }

    /// Saves a confirmation; where somebody saved in between, it is applied to what they saved, if it is still
    /// about the same order.
    func confirm(
        _ confirmation: Confirmation,
        _ settled: Settled,
        at now: Timestamp
    ) throws(StateStoreError) -> (RolloutState, StateVersion?) {
        var current = settled
        for _ in 0..<Self.determinedAttempts {
            guard let confirmed = confirmation.applied(to: current.state, at: world.clock.now()) else {
                return (current.state, current.version)
            }
            let entries = confirmed.intent == nil ? [confirmation.entry(confirmed, at: now)] : []
            do throws(StateStoreError) {
                let save = StateSave(state: confirmed, entries: entries, at: now)
                return (confirmed, try world.store.save(save, replacing: current.version))
            } catch .conflict {
                guard let reloaded = try world.store.load(flag: settled.state.flag) else { throw .conflict }
                (current.state, current.version) = (reloaded.state, reloaded.version)
            }
        }
        throw .conflict
    }
}

/// What the targets confirmed of one saved state.
struct Confirmation {
    var before: RolloutState
    var after: RolloutState

    init(of before: RolloutState, by after: RolloutState) {
        self.before = before
        self.after = after
    }

    /// The confirmed state to save over `current`; nil where `current` is about another order by now.
    func applied(to current: RolloutState, at now: Timestamp) -> RolloutState? {
        if current == before { return after }
        guard current.revision == before.revision, current.intent == before.intent,
            current.phase == before.phase, current.generation == before.generation
        else { return nil }
        var state = current
        for record in after.targets where !before.targets.contains(record) {
            state = state.confirming(record.identity, shows: record.published, at: now)
        }
        return state
    }

    func entry(_ confirmed: RolloutState, at now: Timestamp) -> LedgerEntry {
        confirmed.confirmationEntry(from: before.confirmed.exposure, at: now)
    }
}

extension Problem {
    fileprivate var isSuperseded: Bool {
        if case .target(_, .superseded) = self { true } else { false }
    }

    /// Whether the state could not be saved.
    package var isOfStore: Bool {
        if case .store = self { true } else { false }
    }
}
