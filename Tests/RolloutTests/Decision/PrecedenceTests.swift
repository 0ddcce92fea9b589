import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("Precedence inside one tick")
struct PrecedenceTests {
    /// A step that a healthy tick at 3 minutes would end.
    private let ready = RolloutState.at(10).baked(minutes: 2)
    private let pausing = Deadlines(undecided: Deadline(after: .minutes(1), action: .pause))

    /// A step whose undecided wait runs out, with a pause, in the tick at 3 minutes.
    private func expiring() -> RolloutState {
        let checks = [Check.query("latency_seconds", consecutive: 9)]
        let policy = Policy.example(checks: checks, deadlines: pausing)
        return RolloutState.at(10, policy: policy).ticking([(.failing, .minutes(1))])[0].state
    }

    @Test("settling comes before rolling back: what is lowered is what was ordered last")
    func settleBeforeRollback() {
        var state = ready
        state.intent = .raise(
            Raise(
                allocation: .showing(50, revision: 4),
                entering: .progressing(step: 1),
                before: state.progress
            )
        )
        state.revision = 4
        let now = Timestamp.newYear + .minutes(3)
        let settled = state.settled(against: state.untouched, at: now).state
        let rolled = settled.ticked(.failing, after: .minutes(3))
        #expect(settled.revision == 5)
        #expect(rolled.effect == .lower(to: .showing(0, revision: 6)))
    }

    @Test("rolling back comes before drift that would only hold or pause")
    func rollbackBeforeDrift() {
        for shown in [80.0, 5.0] {
            let sightings = ready.seeing(.allocation(.showing(shown, revision: 3)))
            let transition = ready.ticked(.failing, after: .minutes(3), seeing: sightings)
            guard case .rolledBack(.breach) = transition.state.phase else {
                Issue.record("shown \(shown): \(transition.state.phase)")
                continue
            }
        }
    }

    @Test("a deadline that rolls back comes before a pause, a drift and a changed policy")
    func blindBeforeHolds() {
        let blind = Weather.always(.noData)
        var state = RolloutState.at(10, phase: .paused(.byHand, step: 0))
        state = state.ticked(blind, after: .minutes(1)).state
        let sightings = state.seeing(.absent)
        let transition = state.ticked(blind, after: .minutes(31), seeing: sightings, digest: "sha256:other")
        #expect(transition.state.phase == .rolledBack(.blind))
    }

    @Test("drift comes before a person's pause")
    func driftBeforePause() {
        let paused = RolloutState.at(10, phase: .paused(.person(actor: "ada", reason: nil), step: 0))
        let lowered = paused.ticked(
            .healthy,
            after: .minutes(1),
            seeing: paused.seeing(.allocation(.showing(5, revision: 3)))
        )
        #expect(lowered.state.phase == .paused(.byHand, step: 0))
        let disabled = paused.ticked(
            .healthy,
            after: .minutes(1),
            seeing: paused.seeing(.allocation(.showing(0, revision: 3)))
        )
        #expect(disabled.state.phase == .rolledBack(.byHand))
        let raised = paused.ticked(
            .healthy,
            after: .minutes(1),
            seeing: paused.seeing(.allocation(.showing(80, revision: 3)))
        )
        #expect(raised.reasons.first?.code == "drift-changed")
    }

    @Test("a pause comes before a changed policy")
    func pauseBeforePolicy() {
        let paused = RolloutState.at(10, phase: .paused(.person(actor: "ada", reason: nil), step: 0))
        let transition = paused.ticked(.healthy, after: .minutes(1), digest: "sha256:other")
        #expect(transition.decision == .held)
        #expect(transition.reasons.first?.code == "paused-by-person")
    }

    @Test("a changed policy comes before the bake, and before being ready to advance")
    func policyBeforeBake() {
        let early = RolloutState.at(10).ticked(.healthy, after: .minutes(1), digest: "sha256:other")
        #expect(early.reasons.first?.code == "policy-changed")
        let late = ready.ticked(.healthy, after: .minutes(3), digest: "sha256:other")
        #expect(late.decision == .held)
        #expect(late.reasons.first?.code == "policy-changed")
    }

    @Test("a deadline that pauses waits behind drift and a changed policy")
    func holdsBeforeDeadlinePause() {
        let state = expiring()
        #expect(
            state.ticked(.failing, after: .minutes(3)).state.phase == .paused(.deadline(.undecided), step: 0)
        )
        let drifted = state.ticked(.failing, after: .minutes(3), seeing: state.seeing(.absent))
        #expect(drifted.decision == .held)
        #expect(drifted.reasons.first?.code == "drift-absent")
        let changed = state.ticked(.failing, after: .minutes(3), digest: "sha256:other")
        #expect(changed.decision == .held)
        #expect(changed.reasons.first?.code == "policy-changed")
    }

    @Test("the bake holds healthy evidence, and unhealthy evidence holds a finished bake")
    func bakeAndEvidence() {
        let baking = RolloutState.at(10).ticked(.healthy, after: .minutes(1))
        #expect(baking.reasons.first?.code == "baking")
        let few = Weather.healthy.except("errors", .counting(failures: 0, of: 3))
        let policy = Policy.example(steps: [(10, .zero), (100, .zero)], settle: .zero)
        let undecided = RolloutState.at(10, policy: policy).ticked(few, after: .minutes(1))
        #expect(undecided.decision == .held)
        #expect(undecided.reasons.first?.code == "check-too-few-samples")
    }

    @Test("an unreadable target and a skewed clock each hold what would advance")
    func unreadableAndSkewed() {
        let unreadable = ready.ticked(
            .healthy,
            after: .minutes(3),
            seeing: ready.seeing(.unavailable("gone"))
        )
        #expect(unreadable.reasons.first?.code == "target-unavailable")
        #expect(unreadable.effect == nil)
        for seconds in [-6, 6] as [Int64] {
            let skewed = ready.ticked(.healthy, after: .minutes(3), clockAhead: .seconds(seconds))
            #expect(skewed.reasons.first?.code == "clock-skew")
            #expect(skewed.effect == nil)
        }
        for seconds in [-5, 5] as [Int64] {
            let near = ready.ticked(.healthy, after: .minutes(3), clockAhead: .seconds(seconds))
            #expect(near.decision == .advanced)
        }
    }

    @Test("an order nobody could confirm holds what would advance")
    func unsettled() {
        var state = ready
        state.intent = .lower(to: .showing(10, revision: 4))
        let transition = state.ticked(.healthy, after: .minutes(3))
        #expect(transition.decision == .held)
        #expect(transition.reasons.first?.code == "unsettled")
    }

    @Test("advancing takes one step, never two, and completes after the last")
    func oneStep() {
        #expect(ready.ticked(.healthy, after: .hours(9)).effect == .raise(to: .showing(50, revision: 4)))
        let last = RolloutState.at(100, phase: .progressing(step: 2)).baked(minutes: 2)
        let transition = last.ticked(.healthy, after: .minutes(3))
        #expect(transition.decision == .completed)
        #expect(transition.state.phase == .completed)
        #expect(transition.effect == nil)
    }
}
