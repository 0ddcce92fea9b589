import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("Pausing")
struct PausingTests {
    private let now = Timestamp.newYear + .minutes(3)
    private let state = RolloutState.at(10).baked(minutes: 2)

    @Test("stamps the targets, so that a raise ordered earlier is refused")
    func stamps() throws {
        let transition = try state.paused(by: .ada, at: now)
        #expect(transition.effect == .stamp(revision: 4))
        #expect(transition.state.phase == .paused(.person(actor: "ada", reason: "because"), step: 0))
        #expect(transition.state.intent == nil)
    }

    @Test("is not undone by automation", arguments: [1, 60, 600] as [Int64])
    func lasts(minutes: Int64) throws {
        let paused = try state.paused(by: .ada, at: now).state
        let transition = paused.ticked(.healthy, after: .minutes(3 + minutes))
        #expect(transition.decision == .held)
        #expect(transition.state.phase == paused.phase)
    }

    @Test("withdraws a raise nobody could settle, so that its confirmation cannot undo the pause")
    func withdraws() throws {
        var raising = state
        let before = StepProgress.beginning(at: .newYear, checks: state.policy.checks)
        raising.revision = 4
        raising.intent = .raise(
            Raise(allocation: .showing(50, revision: 4), entering: .progressing(step: 1), before: before)
        )
        let transition = try raising.paused(by: .ada, at: now)
        #expect(transition.effect == .lower(to: .showing(10, revision: 5)))
        #expect(transition.state.progress == before)
        let shown = Allocation.showing(50, revision: 4)
        let settled = transition.state.settled(against: state.seeing(.allocation(shown)), at: now)
        #expect(settled.effect == .lower(to: .showing(10, revision: 5)))
        #expect(settled.state.phase.name == .paused)
    }

    @Test("carries a lowering under way on above its own stamp")
    func lowers() throws {
        var lowering = state
        lowering.revision = 4
        lowering.intent = .lower(to: .showing(5, revision: 4))
        let transition = try lowering.paused(by: .ada, at: now)
        #expect(transition.effect == .lower(to: .showing(5, revision: 5)))
    }

    @Test("a stamp hides nothing a person did in between")
    func stampMeetsHand() throws {
        let paused = try state.paused(by: .ada, at: now).state
        let stamped = paused.confirming(state.targets[0].identity, shows: .showing(0, revision: 4), at: now)
        let sightings = stamped.seeing(.allocation(.showing(0, revision: 4)))
        #expect(
            stamped.ticked(.healthy, after: .minutes(4), seeing: sightings).state.phase
                == .rolledBack(.byHand)
        )
    }
}
