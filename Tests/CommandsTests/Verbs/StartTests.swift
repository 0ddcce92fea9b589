import Rollout
import Testing
import TidegateTestKit

@Suite("'start'")
struct StartTests {
    @Test("refuses a metric that does not exist, and exposes nobody")
    func misspelt() throws {
        let site = try Site { $0.checks = [PolicyText.ceiling(service: "wbe")] }
        let outcome = try site.run("start")
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("error: check 'server-errors' (exposures) finds no current data"))
        #expect(outcome.errors.contains("hint: correct its selector"), "\(outcome)")
        #expect(outcome.output == "")
        #expect(try site.published == nil)
        #expect(try site.run("start", "--accept-no-data").status == 0)
        #expect(try site.exposure == 10)
        // Nothing was promised for it: still no data, still no step.
        #expect(try site.tick().decision == "held")
    }

    @Test("adopts what is published already, and exposes nobody new")
    func adopts() throws {
        let site = try Site()
        try site.publishByHand(percentage: 50, revision: 41)
        let refused = try site.run("start")
        #expect(refused.status == 64)
        #expect(refused.errors.contains("already on for 50 %"), "\(refused)")
        #expect(refused.errors.contains("--adopt"))
        let adopted = try site.report("start", "--adopt", "--reason", "was a script")
        #expect(adopted.decision == "adopted")
        #expect(adopted.exposure == 50)
        #expect(try site.published?.rollout == .init(percentage: 50, salt: "sse", revision: 42))
        try site.expectAgreement()
        #expect(try site.tick().decision == "advanced")
        #expect(try site.exposure == 100)
    }

    @Test("is refused while a rollout is under way")
    func twice() throws {
        let site = try Site()
        try site.start()
        let again = try site.run("start")
        #expect(again.status == 64)
        #expect(again.errors.contains("error: the rollout is already under way"), "\(again)")
        #expect(try site.exposure == 10)
    }

    @Test("after a rollback wants a step and a reason, and treats the same clients first")
    func afterRollback() throws {
        let site = try Site()
        try site.start()
        #expect(try site.run("rollback", "--reason", "slow").status == 10)
        for arguments in [[], ["--from-step", "1"], ["--reason", "mended"]] {
            let refused = try site.command("start", arguments).run()
            #expect(refused.status == 64, "\(arguments)")
            #expect(refused.errors.contains("rolled back: asked for by"), "\(refused)")
            #expect(try site.exposure == 0)
        }
        let started = try site.report("start", "--from-step", "2", "--reason", "mended")
        #expect(started.generation == 2)
        #expect(started.exposure == 50)
        #expect(try site.published?.rollout?.salt == "sse")
        #expect(try site.run("start", "--from-step", "9", "--reason", "x").status == 64)
    }
}
