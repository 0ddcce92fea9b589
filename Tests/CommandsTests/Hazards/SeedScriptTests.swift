import Glibc
import Rollout
import Testing
import TidegateTestKit

/// What a migration by shell script gets wrong: 10, 50, 100 %, with `rate(errors[5m]) > 0.01` looked at in between.
@Suite("Unlike a shell script, the program")
struct SeedScriptTests {
    @Test("does not take errors per second for a share of requests")
    func ratio() throws {
        // 0.2 errors a second would be over a limit of 0.01; among 200 requests a second they are 0.1 %.
        let site = try Site()
        try site.start()
        let report = try site.tick()
        #expect(report.decision == "advanced")
        let value = try #require(report.checks?.first?.value)
        #expect(value > 0.0005 && value < 0.0015)
    }

    @Test("adds up all series instead of reading the first")
    func allSeries() throws {
        // The first series, status 500, is always 0; the second one fails a tenth of all requests.
        let front = try Front()
        let site = try Site(metrics: front.url) { $0.checks = [PolicyText.ceiling(service: "split")] }
        try site.start()
        try front.become(.odd)
        let report = try site.tick()
        #expect(report.decision == "rolledBack", "\(report)")
        #expect(report.exitStatus == 10)
        #expect(try site.exposure == 0)
    }

    @Test(
        "does not go on when there is no data, and rolls back when it stays away",
        arguments: [
            Front.Behaviour.odd, .status503,
        ]
    )
    func missingData(behaviour: Front.Behaviour) throws {
        let front = try Front()
        let site = try Site(metrics: front.url) {
            $0.checks = [PolicyText.ceiling(service: "flawless")]
            $0.metricsKeys = "lag: 0s, timeout: 1s"
        }
        try site.start()
        try front.become(behaviour)
        for _ in 0..<3 {
            #expect(try site.tick().decision == "held")
            #expect(try site.exposure == 10)
        }
        try site.pass(.minutes(26))
        #expect(try site.tick().decision == "held")
        let report = try site.tick()
        #expect(report.decision == "rolledBack")
        #expect(report.codes == ["rollback-blind"])
        #expect(report.exitStatus == 10)
        #expect(try site.exposure == 0)
    }

    @Test("leaves no percentage behind when it rolls back")
    func noPercentageLeft() throws {
        let site = try Site { policy in
            policy.fileKeys = "format: env, settle: 0s"
            policy.publishedPath = "flags/flags.env"
        }
        try site.start()
        let file = site.directory.path("flags/flags.env")
        #expect(try FileContents.text(file).contains("SSE_ROLLOUT_PERCENTAGE=10\n"))
        #expect(try site.run("rollback").status == 10)
        let text = try FileContents.text(file)
        #expect(text.contains("SSE_ENABLED=false\n"))
        #expect(text.contains("SSE_ROLLOUT_PERCENTAGE=0\n"))
    }

    @Test("loses nothing with the process")
    func stateSurvives() throws {
        let site = try Site()
        try site.start()
        #expect(try site.tick().decision == "advanced")
        let before = try site.state
        let killed = try site.command("step").start()
        killed.send(SIGKILL)
        #expect(try killed.outcome().end == .killed(signal: SIGKILL))
        #expect(try site.state == before)
        #expect(try site.tick().decision == "advanced")
        #expect(try site.exposure == 100)
    }

    @Test("may be started twice at once and still takes one step")
    func twoRuns() throws {
        let site = try Site()
        try site.startedEarlier()
        let both = try [site.command("step").start(), site.command("step").start()]
        for one in both { #expect(try one.outcome().status == 0) }
        #expect(try site.exposure == 50)
        try site.expectAgreement()
    }

    @Test("refuses a window that reaches back beyond the step")
    func windowOlderThanStep() throws {
        let site = try Site {
            $0.checks = [
                PolicyText.query(#"sum(rate(http_requests_total{service="web", status=~"5.."}[5m]))"#)
            ]
        }
        for verb in ["lint", "start", "plan"] {
            let outcome = try site.run(verb)
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("5m"), "\(outcome)")
        }
        #expect(try site.published == nil)
    }

    @Test("judges a step only on what happened since it began")
    func oldErrorsDoNotCount() throws {
        // The service fails until the moment of the start, and is healthy from then on.
        let front = try Front()
        try front.become(.odd)
        let site = try Site(metrics: front.url) {
            $0.checks = [
                PolicyText.query(
                    #"sum(increase(http_requests_total{service="web", status=~"5.."}[$window]))"#,
                    max: "60"
                )
            ]
        }
        try site.start()
        try front.become(.healthy)
        let early = try site.report("step")
        #expect(early.decision == "nothingNew")
        #expect(try site.tick().decision == "advanced")
    }
}
