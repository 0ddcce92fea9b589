import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("Somebody else saves first")
struct LosersTests {
    /// A tick before whose first save `meanwhile` happens.
    private func tick(in scene: Scene, meanwhile: @escaping @Sendable () -> Void) throws -> TickReport {
        let plan = FaultPlan { [order = FaultPlan.none] _, name in
            guard name == "store.save" else { return nil }
            _ = order.moment(of: name)
            if order.calls.count == 1 { meanwhile() }
            return nil
        }
        return try scene.step(scene.stepper(failing: plan))
    }

    /// Saves something that decides nothing.
    private func promote(_ scene: Scene) {
        _ = try? scene.stepper().carryOut(.promote(.ada), flag: "sse")
    }

    @Test("a tick that would advance gives way, reports it, and changes nothing")
    func advancing() throws {
        let scene = try Scene.aboutToAdvance(targets: 1)
        let report = try tick(in: scene) { promote(scene) }
        #expect(report.decision == .lostRace)
        #expect(try scene.exposures() == [.percent(10)])
        #expect(try scene.state()?.progress.isBakeWaived == true)
    }

    @Test("a tick that rolls back decides again and wins")
    func breaching() throws {
        let scene = try Scene.aboutToAdvance(targets: 1)
        scene.source.turn(.failing)
        #expect(try tick(in: scene) { promote(scene) }.decision == .rolledBack)
        #expect(try scene.exposures() == [.zero])
    }

    @Test("a tick that pauses, by hand or by deadline, decides again and wins")
    func pausing() throws {
        let lowered = try Scene.aboutToAdvance(targets: 1)
        lowered.targets[0].edit(to: .showing(5, revision: 1))
        #expect(try tick(in: lowered) { promote(lowered) }.decision == .paused)
        #expect(try lowered.state()?.phase == .paused(.byHand, step: 0))

        let silent = try Scene.aboutToAdvance(targets: 1)
        silent.source.turn(.always(.noSignal))
        try silent.step()
        silent.clock.move(by: .hours(2))
        #expect(try tick(in: silent) { promote(silent) }.decision == .paused)
        #expect(try silent.state()?.phase == .paused(.deadline(.noTraffic), step: 0))
    }

    @Test("a person's pause and rollback decide again and win")
    func persons() throws {
        for ask in [Ask.pause(.ada), .rollback(.ada)] {
            let scene = try Scene.aboutToAdvance(targets: 1)
            let plan = FaultPlan { [order = FaultPlan.none] _, name in
                guard name == "store.save" else { return nil }
                _ = order.moment(of: name)
                if order.calls.count <= 7 { self.promote(scene) }
                return nil
            }
            let decision = try scene.stepper(failing: plan).carryOut(ask, flag: "sse").decision
            #expect(decision == (ask == .pause(.ada) ? .paused : .rolledBack))
        }
    }
}
