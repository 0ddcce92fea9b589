import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("A process stopped just before it writes the flag file")
struct StoppedStepTests {
    private static let stop = ["TIDEGATE_STOP_BEFORE_WRITE": "1"]

    @Test("cannot raise it when it goes on after a rollback")
    func afterRollback() throws {
        let site = try Site()
        try site.startedEarlier()
        let stopped = try site.command("step", adding: Self.stop).start()
        try stopped.waitUntilStopped()
        #expect(try site.exposure == 10)
        #expect(try site.run("rollback", "--reason", "looks bad").status == 10)
        let rolledBack = try site.published
        #expect(rolledBack?.enabled == false)
        stopped.send(SIGCONT)
        let outcome = try stopped.outcome()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try site.published == rolledBack)
        try site.expectAgreement()
        #expect(try site.tick().decision == "finished")
        #expect(try site.published == rolledBack)
    }

    @Test("cannot raise it when it goes on after a pause")
    func afterPause() throws {
        let site = try Site()
        try site.startedEarlier()
        let stopped = try site.command("step", adding: Self.stop).start()
        try stopped.waitUntilStopped()
        #expect(try site.run("pause").status == 0)
        stopped.send(SIGCONT)
        let outcome = try stopped.outcome()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try site.exposure == 10)
        #expect(try site.tick().decision == "held")
        #expect(try site.exposure == 10)
        try site.expectAgreement()
    }

    @Test("cannot raise it when it goes on after another tick withdrew its order and took the step itself")
    func afterAnotherTick() throws {
        let site = try Site()
        try site.startedEarlier()
        let stopped = try site.command("step", adding: Self.stop).start()
        try stopped.waitUntilStopped()
        #expect(try site.run("step").status == 0)
        let published = try site.published
        #expect(published?.exposure == 50)
        stopped.send(SIGCONT)
        #expect(try stopped.outcome().status == 0)
        #expect(try site.published == published)
        try site.expectAgreement()
    }

    @Test("cannot expose anybody by a start that a rollback overtook")
    func startAfterRollback() throws {
        let site = try Site()
        let stopped = try site.command("start", adding: Self.stop).start()
        try stopped.waitUntilStopped()
        #expect(try site.exposure == 0)
        #expect(try site.run("rollback").status == 10)
        stopped.send(SIGCONT)
        let outcome = try stopped.outcome()
        #expect(outcome.status != 0, "\(outcome)")
        #expect(try site.exposure == 0)
        try site.expectAgreement()
    }

    @Test("still lowers when it goes on: a rollback is never too late")
    func stoppedRollback() throws {
        let site = try Site()
        try site.startedEarlier()
        let stopped = try site.command("rollback", adding: Self.stop).start()
        try stopped.waitUntilStopped()
        stopped.send(SIGCONT)
        #expect(try stopped.outcome().status == 10)
        #expect(try site.published?.enabled == false)
        try site.expectAgreement()
    }
}
