import Rollout
import Testing
import TidegateTestKit

@Suite("The program, on a service's own pages")
struct ScrapedRolloutTests {
    private func site(_ pages: ServicePages) throws -> Site {
        try Site(metrics: "") { $0.pages = pages.urls }
    }

    @Test("walks a healthy service from 10 to 50 to 100 %, without a metrics server", arguments: [1, 2])
    func completes(instances: Int) throws {
        var pages = try ServicePages(instances: instances)
        defer { pages.stop() }
        let site = try site(pages)
        let plan = try site.report("plan")
        #expect(plan.exitStatus == 0)
        #expect(plan.causes == ["firstLook"])
        try site.start()
        var seen: [Double] = [try site.exposure]
        var decisions: [String] = []
        while decisions.last != "completed" {
            try #require(decisions.count < 6, "\(decisions)")
            try pages.serve(300, failing: 1)
            let report = try site.tick()
            // The preflight of the start was the first look: every tick has something to judge.
            #expect(report.causes == ["healthy"])
            #expect(report.checks?.first?.value.map { ($0 * 300).rounded() } == 1)
            decisions.append(report.decision ?? "")
            let now = try site.exposure
            if now != seen.last { seen.append(now) }
        }
        #expect(decisions == ["advanced", "advanced", "completed"])
        #expect(seen == [10, 50, 100])
        try site.expectAgreement()
    }

    @Test("rolls back in the very tick that sees errors, the first there ever were")
    func breaches() throws {
        var pages = try ServicePages(instances: 2)
        defer { pages.stop() }
        let site = try site(pages)
        try site.start()
        try pages.serve(300)
        #expect(try site.tick().decision == "advanced")
        try pages.serve(300, failing: 30)
        try site.pass(.seconds(60))
        let plan = try site.report("plan")
        #expect(plan.decision == "rolledBack")
        let report = try site.report("step")
        #expect(report.decision == "rolledBack")
        #expect(report.exitStatus == 10)
        #expect(report.causes == ["breached"])
        #expect(report.checks?.first?.value == 0.1)
        #expect(try site.exposure == 0)
        try site.expectAgreement()
    }

    @Test("counts what happened while a page was away, once it is back")
    func outage() throws {
        var pages = try ServicePages(instances: 2)
        defer { pages.stop() }
        let site = try site(pages)
        try site.start()
        try pages.change(1) { $0.isDown = true }
        try pages.serve(300, failing: 60)
        let blind = try site.tick()
        #expect(blind.decision == "held")
        #expect(blind.causes == ["partial"])
        #expect(try site.exposure == 10)
        try pages.serve(300)
        try pages.change(1) { $0.isDown = false }
        let back = try site.tick()
        #expect(back.decision == "rolledBack")
        #expect(back.checks?.first?.value == 0.1)
    }

    @Test("counts on from 0 when an instance restarts, whatever its counters have reached")
    func restart() throws {
        var pages = try ServicePages()
        defer { pages.stop() }
        let site = try site(pages)
        try site.start()
        // As difference to the old process: 1,000 requests and no failure more.
        try pages.change {
            $0.requests = 2_000
            $0.failures = 200
            $0.restart()
        }
        let report = try site.tick()
        #expect(report.decision == "rolledBack")
        #expect(report.checks?.first?.value == 0.1)
    }

    @Test("refuses to start where a page does not answer, or shows no such counter")
    func preflight() throws {
        var pages = try ServicePages()
        defer { pages.stop() }
        let other = try Site(metrics: "") {
            $0.pages = pages.urls
            $0.checks = [PolicyText.ceiling(service: "wbe")]
        }
        let misspelt = try other.run("start")
        #expect(misspelt.status == 78)
        #expect(misspelt.errors.contains("finds no current data"), "\(misspelt)")
        try pages.change { $0.isDown = true }
        let site = try site(pages)
        let down = try site.run("start")
        #expect(down.status == 69)
        #expect(down.errors.contains("\(pages.urls[0]): HTTP 503"), "\(down)")
        #expect(try site.published == nil)
    }

    @Test("has a query on pages for a mistake in the policy")
    func query() throws {
        let site = try Site(metrics: "") {
            $0.pages = ["http://127.0.0.1:1/metrics"]
            $0.checks = [PolicyText.query("queue_depth")]
        }
        let lint = try site.run("lint")
        #expect(lint.status == 78)
        #expect("\(lint)".contains("sse.yaml:13:12: error: a page cannot answer PromQL"), "\(lint)")
    }
}
