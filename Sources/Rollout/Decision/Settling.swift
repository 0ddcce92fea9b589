import Assignment

/// What is to be done about an order that a process left unconfirmed.
package struct Settlement: Sendable, Equatable {
    package var state: RolloutState
    /// What to carry out before the tick goes on.
    package var effect: Effect?
    package var entries: [LedgerEntry]

    package init(state: RolloutState, effect: Effect? = nil, entries: [LedgerEntry] = []) {
        self.state = state
        self.effect = effect
        self.entries = entries
    }
}

extension RolloutState {
    /// Whether an order of this state is neither confirmed nor known to have failed.
    package var isUnsettled: Bool { intent != nil }

    /// Finishes or withdraws what a dead process left: the first rule of every tick.
    ///
    /// A raise that every target shows is confirmed. One that some target does not show is withdrawn: what was
    /// confirmed before is published under a new revision, so that its writer, should it only be sleeping, is
    /// refused. Evidence goes back to before that raise, and the same interval is asked about again. A lowering
    /// is carried out again. Where a target cannot be read and no other shows the raise missing, nothing is
    /// known and nothing is done.
    package func settled(against sightings: [Sighting], at now: Timestamp) -> Settlement {
        guard let intent else { return Settlement(state: self) }
        var state = self
        for sighting in sightings where sighting.isAvailable && intent.isSatisfied(by: sighting.allocation) {
            state = state.confirming(sighting.identity, shows: sighting.allocation, at: now)
        }
        guard state.intent != nil else {
            let entry = state.entry(
                .confirmed,
                from: confirmed.exposure,
                reasons: [.confirmed(state.confirmed)],
                at: now
            )
            return Settlement(state: state, entries: [entry])
        }
        switch intent {
        case .lower(let allocation): return Settlement(state: state, effect: .lower(to: allocation))
        case .raise(let raise):
            let isKnownMissing = sightings.contains { $0.isAvailable && $0.allocation != raise.allocation }
            return isKnownMissing ? state.withdrawing(raise, at: now) : Settlement(state: state)
        }
    }

    private func withdrawing(_ raise: Raise, at now: Timestamp) -> Settlement {
        var state = self
        var standing = state.confirmed
        standing.revision = state.nextRevision
        state.progress = raise.before
        state = state.lowering(to: standing, entering: phase)
        let entry = state.entry(.withdrawn, reasons: [.withdrawn(raise.allocation)], at: now)
        return Settlement(state: state, effect: .lower(to: standing), entries: [entry])
    }
}
