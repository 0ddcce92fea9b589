import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("A person")
struct PersonVerbsTests {
    @Test("who pauses holds every tick until 'resume'")
    func pauses() throws {
        let site = try Site()
        try site.start()
        let paused = try site.report("pause", "--reason", "lunch", "--actor", "sam")
        #expect(paused.decision == "paused")
        #expect(paused.phaseReason == "paused by sam: lunch")
        #expect(paused.exitStatus == 0)
        #expect(try site.tick().decision == "held")
        #expect(try site.tick("--detailed-exitcode").exitStatus == 11)
        #expect(try site.report("status").exitStatus == 11)
        #expect(try site.report("resume").decision == "resumed")
        #expect(try site.tick().decision == "advanced")
    }

    @Test("who pauses is no shelter from a breach")
    func pausedBreach() throws {
        let front = try Front()
        let site = try Site(metrics: front.url)
        try site.start()
        try site.run("pause")
        try front.become(.odd)
        #expect(try site.tick().exitStatus == 10)
        #expect(try site.exposure == 0)
    }

    @Test("may end a bake early, and only the bake")
    func promotes() throws {
        let front = try Front()
        let site = try Site(metrics: front.url) { $0.steps = [("10", "1h"), ("50", "1h"), ("100", "1h")] }
        try site.start()
        let baking = try site.tick()
        #expect(baking.codes.first == "baking")
        // Promoted within the interval: it is the next tick that goes on.
        #expect(try site.report("promote").decision == "promoted")
        #expect(try site.exposure == 10)
        #expect(try site.tick().decision == "advanced")
        // Promoted when an interval is over: judged at once.
        try site.pass(.seconds(60))
        #expect(try site.report("promote").decision == "advanced")
        #expect(try site.exposure == 100)
        #expect(try site.tick().codes.first == "baking")
    }

    @Test("cannot promote past a breach")
    func promotesIntoBreach() throws {
        let front = try Front()
        let site = try Site(metrics: front.url) { $0.steps = [("10", "1h"), ("100", "1h")] }
        try site.start()
        try front.become(.odd)
        try site.pass(.seconds(60))
        #expect(try site.report("promote").exitStatus == 10)
        #expect(try site.exposure == 0)
    }

    @Test("may roll back in every phase, even a flag that was never started")
    func rollsBackAlways() throws {
        let site = try Site()
        try site.publishByHand(percentage: 30, revision: 7)
        #expect(try site.run("rollback").status == 10)
        #expect(
            try site.published
                == Published(enabled: false, rollout: .init(percentage: 0, salt: "sse", revision: 8))
        )
        try site.start("--from-step", "3", "--reason", "again")
        #expect(try site.tick().decision == "completed")
        #expect(try site.run("rollback").status == 10)
        #expect(try site.exposure == 0)
        #expect(try site.run("rollback").status == 10)
        try site.expectAgreement()
    }

    @Test("is recorded by name and reason with what was decided")
    func recorded() throws {
        let site = try Site()
        try site.start("--reason", "first try")
        try site.run("rollback", "--reason", "slow", "--actor", "sam")
        let entries = try site.history.map(\.entry)
        #expect(entries.first?.event == .started)
        #expect(entries.first?.reasons.first?.text == "first try")
        let rollback = entries.first { $0.event == .rolledBack }
        #expect(rollback?.actor == "sam")
        #expect(rollback?.reasons.first?.text == "asked for by sam: slow")
    }

    @Test("may name the flag instead of the policy where a verb only looks or lowers")
    func flagName() throws {
        let site = try Site()
        try site.start()
        let state = ["--state", site.database]
        for verb in ["status", "history"] {
            #expect(try TidegateCommand([verb, "sse"] + state).run().status == 0, "\(verb)")
        }
        let environment = ["TIDEGATE_STATE": site.database]
        #expect(
            try TidegateCommand(["status"], adding: environment).run().output.contains("sse: progressing")
        )
        #expect(try TidegateCommand(["pause", "sse"] + state).run().status == 0)
        #expect(try TidegateCommand(["rollback", "sse"] + state).run().status == 10)
        #expect(try site.exposure == 0)

        for verb in ["status", "pause", "rollback"] {
            let unknown = try TidegateCommand([verb, "ses"] + state).run()
            #expect(unknown.status == 64, "\(verb): \(unknown)")
            #expect(unknown.errors.contains("error: ") && unknown.errors.contains("hint: "), "\(unknown)")
            let nowhere = try TidegateCommand([verb, "sse"]).run()
            #expect(nowhere.status == 64, "\(verb): \(nowhere)")
        }
    }
}
