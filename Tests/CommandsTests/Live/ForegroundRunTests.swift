import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import Commands

@Suite("A run, in virtual time")
struct ForegroundRunTests {
    @Test("walks a healthy rollout to completion, with a line for every judged interval")
    func completes() throws {
        let run = VirtualRun()
        try run.scene.start()
        #expect(try run.run() == .completed)
        #expect(try run.scene.exposures() == [.hundred])
        #expect(run.events.count == 4, "\(run.events)")
        #expect(run.events.first == "sse goes on at 10 %, step 1 of 3")
        #expect(run.events[1].hasPrefix("advanced to 50 %: errors 0 % of at most 1 %"), "\(run.events)")
        #expect(run.events.last == "completed: sse stays at 100 %")
        #expect(run.judged.first?.hasPrefix("held at 10 %: ") == true, "\(run.judged)")
        #expect(run.judged.contains { $0.contains("baked 1m") && $0.contains("of 2m; errors 0 %") })
        #expect(run.notices == [])
        #expect(run.moments.last?.view?.exitStatus == 0)
        #expect(run.moments.map(\.ending) == run.moments.dropLast().map { _ in nil } + [.completed])
    }

    @Test("looks every second, and a look that is not due asks no metrics and writes nothing")
    func looksOften() throws {
        let run = VirtualRun()
        try run.scene.start()
        let asked = run.scene.source.asked.count
        run.stop(after: .seconds(50))
        #expect(try run.run() == .left)
        #expect(run.moments.count >= 50)
        #expect(zip(run.moments, run.moments.dropFirst()).allSatisfy { $1.at - $0.at <= .seconds(1) })
        #expect(run.scene.source.asked.count == asked)
        #expect(Set(run.savings).count == 1, "\(run.savings)")
        #expect(run.events == ["sse goes on at 10 %, step 1 of 3"])
    }

    @Test("looks four times in an interval that is shorter than that")
    func looksOftener() throws {
        var policy = Policy.example()
        policy.interval = .seconds(2)
        let run = VirtualRun(policy)
        try run.scene.start()
        run.stop(after: .seconds(10))
        try run.run()
        #expect(run.moments.count == 21)
    }

    @Test("ends with the rollback of a breach")
    func breach() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.minutes(3)) { run.scene.source.turn(.failing) }
        #expect(try run.run() == .rolledBack)
        #expect(try run.scene.exposures() == [.zero])
        #expect(run.events.last?.hasPrefix("rolled back to 0 %: errors: 5 %, above 1 %") == true)
        #expect(run.notices.count == 1, "\(run.notices)")
        #expect(run.notices.first?.contains("see 'tidegate start sse.yaml --from-step 1 --reason …'") == true)
        #expect(run.moments.last?.view?.exitStatus == 10)
    }

    @Test("ends within a second of a rollback that another process made, and says whose it was")
    func rollbackElsewhere() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.seconds(20)) {
            let request = Request(actor: "grace", reason: "slow")
            _ = try run.scene.stepper().carryOut(.rollback(request), flag: "sse")
        }
        #expect(try run.run() == .rolledBack)
        #expect(run.length <= .seconds(21))
        #expect(run.events.last == "rolled back to 0 %: asked for by grace: slow")
        #expect(run.notices.count == 1, "\(run.notices)")
    }

    @Test("ends within a second of a hand that disabled the flag")
    func disabledByHand() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.seconds(20)) { run.scene.targets[0].edit(to: run.scene.policy.disabled) }
        #expect(try run.run() == .rolledBack)
        #expect(run.length <= .seconds(21))
        #expect(run.events.last == "rolled back to 0 %: the flag was disabled by hand")
    }

    @Test("of a rollout that is complete says so and ends")
    func alreadyCompleted() throws {
        let run = VirtualRun()
        try run.scene.start()
        while try run.scene.tick().decision != .completed {}
        #expect(try run.run() == .completed)
        #expect(run.events == ["sse is completed at 100 %"])
        #expect(run.moments.count == 1)
    }

    @Test("of a rollout that is rolled back says so and ends: it never leaves the latch")
    func alreadyRolledBack() throws {
        let run = VirtualRun()
        try run.scene.start()
        _ = try run.scene.stepper().carryOut(.rollback(.ada), flag: "sse")
        #expect(try run.run() == .rolledBack)
        #expect(run.events.first?.hasPrefix("rolled back to 0 %: asked for by ada") == true)
        #expect(run.notices.first?.contains("start sse.yaml --from-step 1 --reason") == true)
        #expect(run.moments.count == 1)
        #expect(try run.scene.exposures() == [.zero])
    }

    @Test("told to stop leaves the rollout as it is, and says what to type")
    func stops() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.stop(after: .minutes(4))
        let ending = try run.run()
        #expect(ending == .left)
        #expect(ending.status == .waitsForPerson)
        let state = try run.scene.state()
        #expect(run.moments.dropLast().last?.view?.exposure == state?.confirmed.exposure)
        #expect(try run.scene.exposures() == [.percent(50)])
        let words = try #require(run.notices.last)
        #expect(
            words.hasPrefix("sse stays at 50 % and nobody watches it now; go on with 'tidegate run sse.yaml'")
        )
        #expect(words.contains("'tidegate step sse.yaml'") && words.contains("'tidegate rollback sse.yaml'"))
        #expect(run.moments.last?.view?.exitStatus == 11)
    }

    @Test("without a rollout to run ends")
    func notStarted() throws {
        #expect(try VirtualRun().run() == .notStarted)
        #expect(RunEnding.notStarted.status == .unavailable)
    }
}
