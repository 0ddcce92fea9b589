package import Assignment

/// How orders are made, and how their confirmation changes the state.
extension RolloutState {
    /// The first step that exposes more than is confirmed; nil when there is none.
    ///
    /// Found from what is really published, so that no step is ever skipped, whatever a person did by hand.
    package var nextStep: Int? {
        policy.steps.firstIndex { policy.exposure(of: $0) > confirmed.exposure }
    }

    /// The step that is being baked: the last one that exposes no more than is confirmed, else the first.
    package func stepStanding(at exposure: Percentage) -> Int {
        policy.steps.lastIndex { policy.exposure(of: $0) <= exposure } ?? 0
    }

    /// The revision of the next order.
    ///
    /// Stays at the highest number there is instead of trapping: somebody may write that into a document by
    /// hand, and the flag must still be disabled then.
    var nextRevision: Int { revision == .max ? .max : revision + 1 }

    /// An allocation with the next revision.
    func ordering(_ percentage: Percentage) -> Allocation {
        Allocation(
            enabled: percentage > .zero,
            percentage: percentage,
            salt: policy.salt,
            algorithm: policy.algorithm,
            revision: nextRevision
        )
    }

    /// This state with a raise under way; phase and evidence change on confirmation.
    func intending(_ allocation: Allocation, entering: Phase, before: StepProgress) -> RolloutState {
        var state = self
        state.revision = allocation.revision
        state.intent = .raise(Raise(allocation: allocation, entering: entering, before: before))
        return state
    }

    /// This state in `phase`, with a lowering under way.
    func lowering(to allocation: Allocation, entering phase: Phase) -> RolloutState {
        var state = self
        state.revision = allocation.revision
        state.intent = .lower(to: allocation)
        state.phase = phase
        return state
    }

    /// This state knowing what one target shows after an order was carried out there.
    ///
    /// Once every target has confirmed what was intended, the intent is done: an exposure that changed begins
    /// to gather evidence anew at `now`. A target that shows less than was ordered confirms a lowering, but what
    /// is remembered of it is the order, so that a person's hand stays visible as drift.
    package func confirming(_ identity: String, shows shown: Allocation?, at now: Timestamp) -> RolloutState {
        var state = self
        guard let index = state.targets.firstIndex(where: { $0.identity == identity }) else { return state }
        state.revision = max(state.revision, shown?.revision ?? 0)
        let expected = intent?.allocation ?? state.targets[index].published
        if let shown, shown.exposes(like: expected) {
            state.targets[index].published = shown
        } else if let intent, intent.isSatisfied(by: shown) {
            state.targets[index].published = intent.allocation
        }
        guard let intent, state.targets.allSatisfy({ $0.published.map(intent.isSatisfied) ?? false }) else {
            return state
        }
        return state.concluding(intent, at: now)
    }

    private func concluding(_ intent: Intent, at now: Timestamp) -> RolloutState {
        var state = self
        let before = confirmed.exposure
        state.intent = nil
        state.confirmed = intent.allocation
        state.confirmed.revision = revision
        if case .raise(let raise) = intent { state.phase = raise.entering }
        if state.confirmed.exposure != before || state.progress.confirmedAt == nil {
            state.progress = state.beginning(at: now, after: progress)
                .counting(
                    from: progress,
                    noOlderThan: min(
                        policy.metrics.timeout,
                        Span(milliseconds: policy.interval.milliseconds / 2)
                    )
                )
            state.waits = Waits()
        }
        return state
    }

    /// A ledger entry about this state.
    func entry(
        _ event: LedgerEvent,
        from: Percentage? = nil,
        actor: String? = nil,
        reasons: [Reason],
        coalescing key: String? = nil,
        at now: Timestamp
    ) -> LedgerEntry {
        LedgerEntry(
            at: now,
            flag: flag,
            generation: generation,
            revision: revision,
            event: event,
            phase: phase,
            from: from ?? confirmed.exposure,
            to: intent?.allocation.exposure ?? confirmed.exposure,
            actor: actor,
            reasons: reasons,
            policyDigest: policyDigest,
            coalescingKey: key
        )
    }
}

extension Allocation {
    /// Whether the same clients are treated, whatever the revision.
    fileprivate func exposes(like other: Allocation?) -> Bool {
        guard exposure > .zero else { return other.map { $0.exposure == .zero } ?? true }
        return other.map { $0.exposure == exposure && $0.hashes(like: self) } ?? false
    }
}

extension Intent {
    /// Whether a target that shows this has nothing left to do.
    func isSatisfied(by shown: Allocation?) -> Bool {
        switch self {
        case .raise(let raise): shown == raise.allocation
        case .lower(let allocation):
            (shown?.exposure ?? .zero) <= allocation.exposure
                && (shown.map { $0.revision >= allocation.revision } ?? true)
        }
    }

    /// What carries this intent out.
    package var effect: Effect {
        switch self {
        case .raise(let raise): .raise(to: raise.allocation)
        case .lower(let allocation): .lower(to: allocation)
        }
    }
}

extension RolloutState {
    /// The record that every target shows what was ordered.
    package func confirmationEntry(from before: Percentage, at now: Timestamp) -> LedgerEntry {
        entry(.confirmed, from: before, reasons: [.confirmed(confirmed)], at: now)
    }
}
