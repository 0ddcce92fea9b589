import Assignment

extension RolloutState {
    /// Decides one tick: reads no clock, file or network.
    ///
    /// The rules stand in their order of precedence. Rolling back comes before everything that holds; every
    /// raise rests on this very tick's evidence.
    ///
    /// - Parameters:
    ///   - evidence: What this tick saw; the answers are those to ``questions(at:)`` of this very state.
    ///   - now: The moment of the tick.
    /// - Returns: What the rollout becomes and what must be done.
    package func advanced(seeing evidence: Evidence, at now: Timestamp) -> Transition {
        let judging = judging(evidence, at: now)
        var state = judging.state
        let drift = state.drift(evidence.sightings)
        if let rollback = judging.rollback { return state.rollingBack(rollback, judging, at: now) }
        switch drift {
        case .disabledByHand: return state.rollingBack(.byHand, judging, at: now)
        case .loweredByHand(_, let to): return state.pausingByHand(at: to.exposure, judging, now: now)
        case .changed, .foreignRevision, .absent, nil: break
        }
        guard phase.isJudged else { return state.watching(drift, judging) }
        if let hold = state.hold(drift, evidence, judging) {
            return state.holding(hold, judging, at: now)
        }
        if let waiting = judging.pause, case .progressing(let step) = state.phase {
            return state.pausing(.deadline(waiting), step: step, judging, at: now)
        }
        guard judging.isNew else {
            return Transition(state: state, decision: .nothingNew, reasons: [.nothingNew])
        }
        if let hold = state.holdOfBake(judging) { return state.holding(hold, judging, at: now) }
        state = judging.state
        return state.advancing(judging, before: progress, at: now)
    }

    /// Precedence 3 to 5 and what else only a person settles: drift, unreadable targets, a hold, a changed policy,
    /// clocks.
    private func hold(_ drift: Drift?, _ evidence: Evidence, _ judging: Judging) -> Hold? {
        if let drift { return Hold(reason: .drift(drift), need: .drift(drift)) }
        if let sighting = evidence.sightings.first(where: { !$0.isAvailable }),
            case .unavailable(let why) = sighting.shown
        {
            return Hold(reason: .unavailable(sighting, why), need: .targetUnavailable(sighting, why))
        }
        if case .paused(let cause, _) = phase {
            return Hold(reason: .pause(cause), need: .paused(cause))
        }
        if let digest = evidence.policyDigest, digest != policyDigest {
            return Hold(reason: .policyChanged, need: .policyChanged)
        }
        if intent != nil {
            return Hold(reason: Reason(code: "unsettled", text: "an earlier order is not confirmed yet"))
        }
        if let ahead = evidence.serverClockAhead, !Self.tolerates(ahead) {
            return Hold(reason: .clockSkew(ahead), need: .clockSkew(ahead))
        }
        if judging.isRestarted { return Hold(reason: .clockWentBack, need: .clockWentBack) }
        return nil
    }

    /// Precedence 6 and 7: bake, settle, and evidence that is not healthy yet.
    private func holdOfBake(_ judging: Judging) -> Hold? {
        // What a person must see is not hidden behind what only takes time.
        if let mismatch = judging.judgements.first(where: { $0.direction == .holdsForAPerson }) {
            return Hold(reason: .judgement(mismatch), need: .mismatch(mismatch))
        }
        if let unhealthy = judging.judgements.first(where: { $0.direction != .mayAdvance }) {
            let need = unhealthy.cause.isBlind ? Need.blind(unhealthy) : nil
            return Hold(reason: .judgement(unhealthy), need: need)
        }
        if !progress.isBakeWaived, let step = phase.step, policy.steps.indices.contains(step) {
            let bake = policy.steps[step].bake
            if progress.baked < bake { return Hold(reason: .baking(progress.baked, of: bake)) }
        }
        // Needed however early a person wants to go on: before it, evidence is about the former exposure.
        if progress.judgedTicks < Self.judgedTicksNeeded { return Hold(reason: .judgedTooLittle) }
        return nil
    }

    /// Judged intervals a step of ceilings and queries needs.
    private static let judgedTicksNeeded = 1
    /// How far two hosts' clocks may differ, in milliseconds.
    ///
    /// The server's clock is known to a second only.
    private static let tolerableSkew: UInt64 = 5_000

    /// Whether a difference between two hosts' clocks is small enough to judge by.
    static func tolerates(_ skew: Span) -> Bool { skew.milliseconds.magnitude <= tolerableSkew }

    private func advancing(_ judging: Judging, before: StepProgress, at now: Timestamp) -> Transition {
        let reasons = judging.judgements.map(Reason.judgement)
        guard let next = nextStep else { return completing(judging, before: before, reasons, at: now) }
        let target = ordering(policy.exposure(of: policy.steps[next]))
        let state = intending(target, entering: .progressing(step: next), before: before)
        let all = [.advancing(from: confirmed.exposure, to: target.percentage)] + reasons
        return Transition(
            state: state,
            effect: .raise(to: target),
            decision: .advanced,
            reasons: all,
            entries: [state.entry(.advanced, reasons: all, at: now)],
            judgements: judging.judgements
        )
    }

    /// Ends the rollout; clients that were held back for the comparison get the treatment now.
    private func completing(
        _ judging: Judging,
        before: StepProgress,
        _ reasons: [Reason],
        at now: Timestamp
    ) -> Transition {
        let isReleasing = policy.finalExposure > confirmed.exposure
        var state = self
        var effect: Effect?
        if isReleasing {
            let target = ordering(policy.finalExposure)
            state = state.intending(target, entering: .completed, before: before)
            effect = .raise(to: target)
        } else {
            state.phase = .completed
        }
        state.waits = Waits()
        let all = [.completed(at: policy.finalExposure, from: confirmed.exposure)] + reasons
        return Transition(
            state: state,
            effect: effect,
            decision: .completed,
            reasons: all,
            entries: [state.entry(.completed, reasons: all, at: now)],
            judgements: judging.judgements
        )
    }

    /// What a finished or unstarted rollout does in a tick: nothing, but it says when somebody re-enabled it.
    private func watching(_ drift: Drift?, _ judging: Judging) -> Transition {
        let decision: Decision = phase == .ready ? .notStarted : .finished
        guard let drift else {
            return Transition(state: self, decision: decision, reasons: [.finished(phase)])
        }
        return Transition(
            state: self,
            decision: .held,
            reasons: [.drift(drift), .finished(phase)],
            need: .drift(drift)
        )
    }
}

/// Why a tick does not advance.
struct Hold: Sendable, Equatable {
    var reason: Reason
    var need: Need?
}
