import Glibc
import Rollout
import Testing
import TidegateTestKit

@Suite("A flag file changed by hand")
struct DriftTests {
    @Test("to disabled is a rollback, and stays one")
    func disabled() throws {
        let site = try Site()
        try site.start()
        try site.publishByHand(enabled: false, percentage: 10, revision: 1)
        #expect(try site.report("status").exitStatus == 11)
        let report = try site.tick()
        #expect(report.exitStatus == 10)
        #expect(report.codes == ["rollback-by-hand"])
        #expect(try site.published?.rollout?.percentage == 0)
        try site.expectAgreement()
        #expect(try site.tick().decision == "finished")
        #expect(try site.report("status").exitStatus == 10)
    }

    @Test("to less is a pause there, from which 'resume' goes on")
    func lowered() throws {
        let site = try Site()
        try site.start()
        try site.tick()
        try site.publishByHand(percentage: 20, revision: 2)
        let report = try site.tick()
        #expect(report.decision == "paused")
        #expect(report.codes == ["paused-by-hand"])
        #expect(try site.exposure == 20)
        try site.expectAgreement()
        #expect(try site.tick().decision == "held")
        #expect(try site.run("resume").status == 0)
        #expect(try site.tick().decision == "advanced")
        #expect(try site.exposure == 50)
    }

    @Test("to more holds until a person says which is right", arguments: ["--accept-drift", "--reassert"])
    func raised(answer: String) throws {
        let site = try Site()
        try site.start()
        try site.publishByHand(percentage: 80, revision: 1)
        let held = try site.tick()
        #expect(held.decision == "held")
        #expect(held.codes.first == "drift-changed")
        #expect(held.exitStatus == 0)
        #expect(try site.report("step", "--detailed-exitcode").exitStatus == 11)
        #expect(try site.exposure == 80)

        let unanswered = try site.run("resume")
        #expect(unanswered.status == 64)
        #expect(unanswered.errors.contains("hint: say what is right"), "\(unanswered)")
        #expect(try site.run("resume", answer).status == 0)
        #expect(try site.exposure == (answer == "--reassert" ? 10 : 80))
        try site.expectAgreement()
        #expect(try site.tick().decision == "advanced")
        #expect(try site.exposure == (answer == "--reassert" ? 50 : 100))
    }

    @Test("is no shelter from a breach")
    func breachedMeanwhile() throws {
        let front = try Front()
        let site = try Site(metrics: front.url)
        try site.start()
        try site.publishByHand(percentage: 80, revision: 1)
        try front.become(.odd)
        let report = try site.tick()
        #expect(report.exitStatus == 10)
        #expect(try site.exposure == 0)
        try site.expectAgreement()
    }

    @Test("or deleted is not written again before a person wants it and the checks permit it")
    func deleted() throws {
        let site = try Site()
        try site.start()
        try #require(unlink(site.flagFile) == 0)
        let held = try site.tick()
        #expect(held.decision == "held")
        #expect(held.codes.first == "drift-absent")
        #expect(try site.published == nil)
        #expect(try site.run("resume", "--reassert").status == 0)
        #expect(try site.exposure == 0)
        #expect(try site.tick().decision == "advanced")
        #expect(try site.exposure == 10)
    }

    @Test("and accepted as deleted is a rollback")
    func deletionAccepted() throws {
        let site = try Site()
        try site.start()
        try #require(unlink(site.flagFile) == 0)
        #expect(try site.run("resume", "--accept-drift").status == 10)
        #expect(try site.published?.enabled == false)
        #expect(try site.report("status").phase == "rolledBack")
    }

    @Test("into nonsense is left as it is, and holds")
    func nonsense() throws {
        let site = try Site()
        try site.start()
        try FileContents.write(Array("{\"sse\": {".utf8), to: site.flagFile)
        let outcome = try site.command("step").run()
        #expect(outcome.status == 0)
        try site.pass(.seconds(60))
        let held = try site.report("step")
        #expect(held.decision == "held")
        #expect(held.codes.first == "target-unavailable")
        #expect(try FileContents.text(site.flagFile) == "{\"sse\": {")
    }
}
