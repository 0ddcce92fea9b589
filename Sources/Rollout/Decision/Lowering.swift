import Assignment

/// The transitions that expose fewer clients or stand still.
extension RolloutState {
    func rollingBack(_ cause: RollbackCause, _ judging: Judging, at now: Timestamp) -> Transition {
        rollingBack(cause, actor: nil, judgements: judging.judgements, at: now)
    }

    /// Disables the flag on every target: percentage 0 and not enabled, so that neither is left behind.
    func rollingBack(
        _ cause: RollbackCause,
        actor: String?,
        judgements: [Judgement] = [],
        at now: Timestamp
    ) -> Transition {
        let before = exposedAtMost
        var state = lowering(to: ordering(.zero), entering: .rolledBack(cause))
        state.waits = Waits()
        let reasons = [Reason.rollback(cause)]
        return Transition(
            state: state,
            effect: .lower(to: state.intent?.allocation ?? ordering(.zero)),
            decision: .rolledBack,
            reasons: reasons,
            entries: [state.entry(.rolledBack, from: before, actor: actor, reasons: reasons, at: now)],
            judgements: judgements,
            need: .rolledBack(cause)
        )
    }

    /// Takes what a person lowered a target to as the exposure everywhere, and stands still there.
    func pausingByHand(at exposure: Percentage, _ judging: Judging, now: Timestamp) -> Transition {
        let phase = Phase.paused(.byHand, step: stepStanding(at: exposure))
        let state = lowering(to: ordering(exposure), entering: phase)
        let reasons = [Reason.pause(.byHand)]
        return Transition(
            state: state,
            effect: .lower(to: ordering(exposure)),
            decision: .paused,
            reasons: reasons,
            entries: [state.entry(.paused, reasons: reasons, at: now)],
            judgements: judging.judgements,
            need: .paused(.byHand)
        )
    }

    func pausing(_ cause: PauseCause, step: Int, _ judging: Judging, at now: Timestamp) -> Transition {
        var state = self
        state.phase = .paused(cause, step: step)
        let reasons = [Reason.pause(cause)] + judging.judgements.map(Reason.judgement)
        return Transition(
            state: state,
            decision: .paused,
            reasons: reasons,
            entries: [state.entry(.paused, reasons: reasons, at: now)],
            judgements: judging.judgements,
            need: .paused(cause)
        )
    }

    func holding(_ hold: Hold, _ judging: Judging, at now: Timestamp) -> Transition {
        guard judging.isNew || judging.isRestarted else {
            let reasons = [hold.reason]
            return Transition(state: self, decision: .held, reasons: reasons, need: hold.need)
        }
        let reasons =
            [hold.reason] + judging.judgements.map(Reason.judgement).filter { $0 != hold.reason }
        return Transition(
            state: self,
            decision: .held,
            reasons: reasons,
            entries: [
                entry(.held, reasons: reasons, coalescing: "held \(hold.reason.code) \(generation)", at: now)
            ],
            judgements: judging.judgements,
            need: hold.need
        )
    }

    /// The most clients any target may show exposed right now.
    var exposedAtMost: Percentage {
        max(confirmed.exposure, intent?.allocation.exposure ?? .zero)
    }
}
