import Assignment

/// What `start` was asked to do.
package struct StartRequest: Sendable, Equatable {
    package var policy: Policy
    package var policyDigest: String
    package var request: Request
    /// Which step to begin with, from 0; needs a reason where a rollback is being left.
    package var fromStep: Int?
    /// Take over what a person or a script already published.
    package var adopts: Bool
    /// What the preflight saw: the first step's counters are counted from here where their source has no history.
    package var trial: [Measurement] = []
    /// What the control of each comparison counted before, by the checks' names.
    package var histories: [String: ControlHistory] = [:]

    package init(
        policy: Policy,
        policyDigest: String,
        request: Request,
        fromStep: Int? = nil,
        adopts: Bool = false
    ) {
        self.policy = policy
        self.policyDigest = policyDigest
        self.request = request
        self.fromStep = fromStep
        self.adopts = adopts
    }
}

extension StartRequest {
    /// Begins a rollout: the one raise that needs no check, after a preflight proved that all can be asked and
    /// written.
    ///
    /// - Parameters:
    ///   - former: The state of an earlier rollout of this flag, already settled; nil for the first.
    ///   - sightings: What the targets of ``policy`` show.
    ///   - now: The moment of the start.
    /// - Returns: The first raise, or the adoption of what is published.
    /// - Throws: ``Refused`` where a rollout is under way, a rollback is left without step and reason, or the
    ///   targets already expose clients.
    package func transition(
        from former: RolloutState?,
        sightings: [Sighting],
        at now: Timestamp
    ) throws(Refused) -> Transition {
        if case .refuses(let why, let hint) = Verb.start.answer(in: former?.phase.name ?? .ready) {
            throw Refused(why, hint: hint)
        }
        try checkLatch(former)
        // A policy with other targets would forget those that still show an exposure.
        guard former?.isUnsettled != true else {
            throw Refused(
                "the last rollout's order is not confirmed on every target yet",
                hint: "make its targets writable, then run 'step' or 'rollback'",
                kind: .unavailable
            )
        }
        let first = fromStep ?? 0
        guard policy.steps.indices.contains(first) else {
            throw Refused("the policy has no such step", hint: "its steps are 1 to \(policy.steps.count)")
        }
        if let unavailable = sightings.first(where: { !$0.isAvailable }),
            case .unavailable(let why) = unavailable.shown
        {
            throw Refused("\(unavailable.identity) cannot be read: \(why)", kind: .unavailable)
        }
        let state = beginning(after: former, sightings: sightings, at: now)
        let exposed = sightings.compactMap(\.exposure).max() ?? .zero
        if adopts { return try adopting(state, sightings, at: now) }
        guard exposed == .zero else {
            throw Refused(
                "the flag is already on for \(exposed) of clients",
                hint: "take it over with 'start --adopt', or disable it with 'rollback' first"
            )
        }
        return raising(state, to: first, at: now)
    }

    private func checkLatch(_ former: RolloutState?) throws(Refused) {
        guard case .rolledBack(let cause) = former?.phase else { return }
        guard fromStep != nil, let reason = request.reason, !reason.isEmpty else {
            throw Refused(
                "the last rollout was rolled back: \(cause.text)",
                hint: "start again with '--from-step 1 --reason …' once the cause is known"
            )
        }
    }

    /// Disables a flag whose rollout never started, and latches that.
    package func rollback(sightings: [Sighting], at now: Timestamp) -> Transition {
        beginning(after: nil, sightings: sightings, at: now).rolledBack(by: request, at: now)
    }

    /// A state with nothing exposed yet, above every revision seen anywhere.
    private func beginning(
        after former: RolloutState?,
        sightings: [Sighting],
        at now: Timestamp
    ) -> RolloutState {
        let seen = sightings.compactMap { $0.allocation?.revision }.max() ?? 0
        let revision = max(former?.revision ?? 0, seen)
        return RolloutState(
            flag: policy.flag,
            generation: (former?.generation ?? 0) + 1,
            policy: policy,
            policyDigest: policyDigest,
            phase: .ready,
            revision: revision,
            confirmed: Allocation(
                enabled: false,
                percentage: .zero,
                salt: policy.salt,
                algorithm: policy.algorithm,
                revision: revision
            ),
            targets: sightings.map { TargetRecord(identity: $0.identity, published: $0.allocation) },
            progress: StepProgress(
                checks: policy.checks.compactMap { $0.known(trial, histories[$0.name], at: now) }
            ),
            startedAt: now
        )
    }

    /// What each comparison knows of the time before.
    private var historyReasons: [Reason] {
        policy.comparisonChecks.map { name, _ in .history(histories[name], of: name) }
    }

    private func raising(_ ready: RolloutState, to step: Int, at now: Timestamp) -> Transition {
        let target = ready.ordering(policy.exposure(of: policy.steps[step]))
        let state = ready.intending(target, entering: .progressing(step: step), before: ready.progress)
        let reasons = request.reasons + historyReasons
        return Transition(
            state: state,
            effect: .raise(to: target),
            decision: .started,
            reasons: reasons,
            entries: [state.entry(.started, actor: request.actor, reasons: reasons, at: now)]
        )
    }

    /// Takes over the percentage the targets agree on; nobody new is exposed.
    private func adopting(
        _ ready: RolloutState,
        _ sightings: [Sighting],
        at now: Timestamp
    ) throws(Refused) -> Transition {
        let shown = sightings.compactMap(\.allocation)
        guard let first = shown.first, shown.count == sightings.count,
            shown.allSatisfy({ $0.exposure == first.exposure && $0.hashes(like: policy.disabled) })
        else {
            throw Refused(
                "the targets do not all show the same percentage with this policy's salt and algorithm",
                hint: "make them agree, or disable the flag with 'rollback' and start afresh"
            )
        }
        guard first.exposure > .zero else {
            throw Refused("there is nothing to adopt: the flag is off", hint: "leave '--adopt' out")
        }
        var state = ready
        state.confirmed = first
        state.progress = ready.progress.knowing(treated: policy.algorithm.treatedShare(at: first.exposure))
        state = state.lowering(
            to: state.ordering(first.exposure),
            entering: .progressing(step: state.stepStanding(at: first.exposure))
        )
        let reasons = request.reasons + historyReasons
        return Transition(
            state: state,
            effect: .lower(to: state.intent?.allocation ?? first),
            decision: .adopted,
            reasons: reasons,
            entries: [state.entry(.adopted, actor: request.actor, reasons: reasons, at: now)]
        )
    }
}

extension Check {
    /// What a preflight saw of this check's counters and their history; nil where nothing is to be remembered.
    fileprivate func known(
        _ trial: [Measurement],
        _ history: ControlHistory?,
        at now: Timestamp
    ) -> CheckProgress? {
        var progress = CheckProgress(name: name, through: now)
        progress.memories = CounterMemories(trial.filter { $0.question.check == name })
        if case .comparison = rule {
            progress.comparison = history.map { ComparisonProgress($0) } ?? .unknown
        }
        return progress.memories == nil && progress.comparison == nil ? nil : progress
    }
}

extension StepProgress {
    /// What is known where some had the treatment already while history counted the others only.
    fileprivate func knowing(treated share: Double) -> StepProgress {
        var progress = self
        for index in progress.checks.indices {
            let traffic = progress.checks[index].comparison?.traffic
            progress.checks[index].comparison?.traffic = share < 1 ? traffic.map { $0 / (1 - share) } : nil
        }
        return progress
    }
}
