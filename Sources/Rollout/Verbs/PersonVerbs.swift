import Assignment

/// What the verbs of a person do to a settled state, given what the targets show.
extension RolloutState {
    /// Stands still until `resume`; automation never undoes it, but a breach still rolls back.
    package func paused(by request: Request, at now: Timestamp) throws(Refused) -> Transition {
        guard try permits(.pause), let step = phase.step else { return idle(.pause) }
        let state = fenced(in: .paused(.person(actor: request.actor, reason: request.reason), step: step))
        let effect = state.intent?.effect ?? .stamp(revision: state.revision)
        return state.answering(request, .paused, recording: .paused, effect: effect, at: now)
    }

    /// This state in `phase`, with whatever is still under way made to expose nobody new.
    ///
    /// A lowering under way goes on above the stamp. A raise nobody could settle is withdrawn: were it confirmed
    /// later, it would undo the pause.
    private func fenced(in phase: Phase) -> RolloutState {
        var state = self
        var standing = confirmed
        switch intent {
        case nil:
            state.phase = phase
            state.revision = nextRevision
            return state
        case .lower(let allocation): standing = allocation
        case .raise(let raise): state.progress = raise.before
        }
        standing.revision = nextRevision
        return state.lowering(to: standing, entering: phase)
    }

    /// Disables the flag everywhere, in every phase; the most that can be asked, and always granted.
    package func rolledBack(by request: Request, at now: Timestamp) -> Transition {
        rollingBack(
            .person(actor: request.actor, reason: request.reason),
            actor: request.actor,
            at: now
        )
    }

    /// Ends the bake early: the next tick whose checks are all healthy goes on.
    package func promoted(by request: Request, at now: Timestamp) throws(Refused) -> Transition {
        guard try permits(.promote) else { return idle(.promote) }
        var state = self
        state.progress.isBakeWaived = true
        return state.answering(request, .promoted, recording: .promoted, at: now)
    }

    /// Judges from now on under the policy file as it is.
    ///
    /// - Throws: ``Refused`` where the change would move clients or leave a target behind.
    package func accepting(
        _ policy: Policy,
        digest: String,
        by request: Request,
        at now: Timestamp
    ) throws(Refused) -> Transition {
        guard try permits(.acceptPolicy) else { return idle(.acceptPolicy) }
        guard !isUnsettled else {
            throw Refused(
                "an earlier order is not confirmed on every target yet",
                hint: "try again once 'status' shows every target",
                kind: .unavailable
            )
        }
        guard digest != policyDigest else {
            let same = Reason(code: "policy-same", text: "the policy file is the accepted policy")
            return Transition(state: self, decision: .nothingNew, reasons: [same])
        }
        try keepingClients(under: policy)
        let frozen: [(String, Bool)] = [
            // Under other names, what is published now could be neither understood nor disabled.
            (
                "variants",
                policy.variants != self.policy.variants && policy.targets.contains(where: \.namesVariants)
            ),
            (
                "publish",
                !policy.targets.elementsEqual(self.policy.targets) { $0.isWritten(like: $1) }
            ),
            ("state", policy.store != self.policy.store),
        ]
        if let changed = frozen.first(where: \.1) {
            throw Refused(
                "'\(changed.0)' cannot change while clients are exposed",
                hint: "roll back, then start again with the new policy",
                kind: .policy
            )
        }
        var state = self
        state.policy = policy
        state.policyDigest = digest
        state.progress = state.beginning(at: now, after: keptComparisons(under: policy))
        state.waits = Waits()
        let step = state.stepStanding(at: confirmed.exposure)
        if case .paused(let cause, _) = phase {
            state.phase = .paused(cause, step: step)
        } else {
            state.phase = .progressing(step: step)
        }
        return state.answering(request, .policyAccepted, recording: .policyAccepted, at: now)
    }

    /// The progress without the comparisons that count something else from now on.
    private func keptComparisons(under policy: Policy) -> StepProgress {
        func subjects(_ policy: Policy) -> [String: Comparison] {
            policy.comparisonChecks.reduce(into: [:]) { $0[$1.name] = $1.comparison }
        }
        let (before, after) = (subjects(self.policy), subjects(policy))
        var progress = progress
        for index in progress.checks.indices {
            let name = progress.checks[index].name
            let isSame =
                before[name]?.measure == after[name]?.measure
                && before[name]?.objective == after[name]?.objective
                && self.policy.variants == policy.variants
            if !isSame { progress.checks[index].comparison = nil }
        }
        return progress
    }

    /// Refuses a policy under which other clients would be exposed at the same percentage.
    private func keepingClients(under policy: Policy) throws(Refused) {
        guard !policy.disabled.hashes(like: self.policy.disabled) else { return }
        let key = policy.algorithm == self.policy.algorithm ? "salt" : "algorithm"
        var other = confirmed
        (other.salt, other.algorithm) = (policy.salt, policy.algorithm)
        let clients = SampleClients(count: 100_000)
        let moved = Assigner(confirmed, flag: flag).moved(to: Assigner(other, flag: flag), among: clients)
        throw Refused(
            "'\(key)' cannot change while clients are exposed: at \(confirmed.exposure) it would move "
                + "\(NumberText.count(Double(moved))) of 100,000 sample clients",
            hint: "roll back, then start again with the new policy",
            kind: .policy
        )
    }

    /// The transition to this state that a person asked for, recorded with who and why.
    func answering(
        _ request: Request,
        _ decision: Decision,
        recording event: LedgerEvent,
        effect: Effect? = nil,
        from: Percentage? = nil,
        at now: Timestamp
    ) -> Transition {
        let reasons = request.reasons
        return Transition(
            state: self,
            effect: effect,
            decision: decision,
            reasons: reasons,
            entries: [entry(event, from: from, actor: request.actor, reasons: reasons, at: now)]
        )
    }

    /// Whether the verb goes on; false where there is nothing to do.
    func permits(_ verb: Verb) throws(Refused) -> Bool {
        switch verb.answer(in: phase.name) {
        case .does: return true
        case .nothingToDo: return false
        case .refuses(let why, let hint): throw Refused(why, hint: hint)
        }
    }

    func idle(_ verb: Verb) -> Transition {
        guard case .nothingToDo(let why) = verb.answer(in: phase.name) else {
            return Transition(state: self, decision: .nothingNew, reasons: [.nothingNew])
        }
        return Transition(
            state: self,
            decision: .nothingNew,
            reasons: [Reason(code: "nothing-to-do", text: why)]
        )
    }
}
