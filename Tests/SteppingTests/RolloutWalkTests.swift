import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("One rollout from start to end")
struct RolloutWalkTests {
    @Test("goes 10, 50, 100 % and completes while all is well", arguments: [1, 2])
    func completes(targets: Int) throws {
        let scene = Scene(.example(targets: targets))
        try scene.start()
        var decisions: [Decision] = []
        var exposures: [Double] = []
        for _ in 0..<10 {
            decisions.append(try scene.tick().decision)
            exposures.append(try scene.exposures()[0].percent)
            #expect(Set(try scene.exposures()).count == 1)
        }
        #expect(exposures == [10, 10, 50, 50, 50, 100, 100, 100, 100, 100])
        let step: [Decision] = [.held, .held, .advanced]
        #expect(decisions == step + step + [.held, .held, .completed, .finished])
        let events = try scene.store.history(flag: "sse", limit: 99).map(\.entry.event)
        #expect(
            events.filter { $0 != .held } == [
                .started, .confirmed, .advanced, .confirmed, .advanced, .confirmed, .completed,
            ]
        )
    }

    @Test("comes back by itself in the tick that sees errors, from every step", arguments: [1, 4, 7])
    func comesBack(minute: Int) throws {
        let scene = Scene(.example(targets: 2))
        try scene.start()
        for _ in 1..<minute { try scene.tick() }
        scene.source.turn(.failing)
        #expect(try scene.tick().decision == .rolledBack)
        #expect(try scene.shown().allSatisfy { $0?.enabled == false && $0?.percentage == .zero })
        scene.source.turn(.healthy)
        for _ in 0..<20 { #expect(try scene.tick().decision == .finished) }
        #expect(try scene.exposures().allSatisfy { $0 == .zero })
    }

    @Test("starts again after a rollback only with step and reason, for the same clients")
    func startsAgain() throws {
        let scene = Scene()
        try scene.start()
        _ = try scene.stepper().carryOut(.rollback(.ada), flag: "sse")
        #expect(throws: SteppingError.self) { try scene.start() }
        try scene.start(fromStep: 0)
        let state = try #require(try scene.state())
        #expect(state.generation == 2)
        #expect(try scene.shown() == [.showing(10, revision: 3)])
    }

    @Test("holds while a target cannot be written, and raises the others no further")
    func failingTarget() throws {
        let scene = Scene(.example(targets: 2))
        try scene.start()
        for _ in 0..<2 { try scene.tick() }
        scene.clock.move(by: .minutes(1))
        let plan = FaultPlan { _, name in name == "target.carryOut" ? .before : nil }
        let report = try scene.step(scene.stepper(failing: plan))
        #expect(!report.problems.isEmpty)
        #expect(try scene.exposures() == [.percent(10), .percent(10)])
    }

    @Test("tries every target when it rolls back, whichever fails", arguments: [0, 1, 2])
    func rollsBackAll(failing: Int) throws {
        let scene = Scene(.example(targets: 3))
        try scene.start()
        let calls = FaultPlan { [order = CallOrder()] _, name in
            name == "target.carryOut" && order.next() == failing ? .before : nil
        }
        let report = try scene.stepper(failing: calls).carryOut(.rollback(.ada), flag: "sse")
        #expect(report.decision == .rolledBack)
        #expect(report.problems.count == 1)
        let off = try scene.exposures().filter { $0 == .zero }
        #expect(off.count == 2)
        try scene.step()
        #expect(try scene.exposures().allSatisfy { $0 == .zero })
    }

    @Test("disables the flag without any state, and latches that later")
    func withoutState() throws {
        let scene = Scene(.example(targets: 2))
        try scene.start()
        let report = scene.stepper().disable(scene.policy, despite: .corrupt("not a database", hint: nil))
        #expect(report.decision == .rolledBack)
        #expect(try scene.exposures() == [.zero, .zero])
        #expect(try scene.tick().state?.phase == .rolledBack(.byHand))
    }

    @Test("a flag that was never started is disabled and latched")
    func unstarted() throws {
        let scene = Scene()
        scene.targets[0].edit(to: .showing(30, revision: 8))
        let request = StartRequest(policy: scene.policy, policyDigest: "sha256:example", request: .ada)
        #expect(try scene.stepper().rollBackUnstarted(request).decision == .rolledBack)
        #expect(try scene.shown() == [.showing(0, revision: 9)])
        #expect(throws: SteppingError.self) { try scene.start() }
    }

    @Test("starts nothing that cannot be asked or written", arguments: ["source", "target", "clock"])
    func preflight(lacking: String) throws {
        let scene = Scene()
        if lacking == "source" { scene.source.turn(.always(.unreachable(message: "timeout"))) }
        if lacking == "clock" { scene.source.setClock(ahead: .seconds(-30)) }
        let plan: FaultPlan = lacking == "target" ? .always("target.probe") : .none
        #expect(throws: SteppingError.self) { try scene.start(scene.stepper(failing: plan)) }
        #expect(try scene.state() == nil)
        #expect(try scene.shown() == [nil])
    }

    @Test("tells that a person is needed once an hour, not every tick")
    func tells() throws {
        let scene = Scene()
        try scene.start()
        scene.targets[0].edit(to: nil)
        let told = try (1...90).filter { _ in try scene.tick().tells }
        #expect(told == [1, 61])
    }
}

/// Counts calls from 0.
private final class CallOrder: Sendable {
    private let plan = FaultPlan.none

    func next() -> Int {
        _ = plan.moment(of: "call")
        return plan.calls.count - 1
    }
}
