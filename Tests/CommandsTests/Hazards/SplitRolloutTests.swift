import Rollout
import Testing
import TidegateTestKit

@Suite("A rollout with a split")
struct SplitRolloutTests {
    @Test("goes on where as many clients have the treatment as is published, and holds where not")
    func gauge() throws {
        let site = try Site { $0.checks.append(PolicyText.split(service: "fits")) }
        try site.start()
        let first = try site.tick()
        #expect(first.causes == ["healthy", "healthy"])
        #expect(first.decision == "advanced")
        // The service has gone no further than 10 %.
        let second = try site.tick()
        #expect(second.decision == "held")
        #expect(second.causes == ["healthy", "splitMismatch"])
        #expect(second.codes.first == "check-split-mismatch")
        #expect(try site.exposure == 50)
    }

    @Test("tells a person about a mismatch once, with the command that says more")
    func tells() throws {
        let site = try Site { $0.checks.append(PolicyText.split(service: "thirty")) }
        try site.start()
        try site.pass(.seconds(60))
        let outcome = try site.run("step", "--quiet")
        #expect(outcome.status == 0)
        #expect(
            outcome.errors == """
                tidegate: sse needs a person: split: 30 % of 10,000 clients have the treatment, but 10 % is \
                published; see 'tidegate audit \(site.policyPath)'

                """
        )
        #expect(try site.exposure == 10)
        try site.pass(.seconds(60))
        #expect(try site.run("step", "--quiet").errors == "")
        #expect(try site.run("step", "--detailed-exitcode").status == 0)
        try site.pass(.seconds(60))
        #expect(try site.run("step", "--detailed-exitcode").status == 11)
        #expect(try site.run("audit").status == 11)
        #expect(try site.run("status").output.contains("10 % published, 10,000 samples: split mismatch"))
    }

    @Test("counts clients by a counter, once they had time to switch")
    func counter() throws {
        let split = #"exposures: 'client_minutes_total{service="fits", variant="$variant"}', every: 60s"#
        let site = try Site { $0.checks = [PolicyText.split(split)] }
        try site.start()
        #expect(try site.tick().causes == ["notDue"])
        let second = try site.tick()
        #expect(second.causes == ["healthy"])
        #expect(second.decision == "advanced")
    }

    @Test("judges pages by their counters, with a first look before the start")
    func pages() throws {
        var pages = try ServicePages()
        defer { pages.stop() }
        try pages.change { $0.clientMinutes = (sse: nil, polling: 5_000) }
        let split = #"exposures: 'client_minutes_total{variant="$variant"}', every: 60s"#
        let site = try Site(metrics: "") {
            $0.pages = pages.urls
            $0.checks = [PolicyText.split(split)]
        }
        let early = try site.run("audit", "--percentage", "10")
        #expect(early.status == 69)
        try site.start()
        try pages.change { $0.clientMinutes = (sse: 100, polling: 5_900) }
        #expect(try site.tick().causes == ["notDue"])
        try pages.change { $0.clientMinutes = (sse: 400, polling: 6_600) }
        let second = try site.tick()
        #expect(second.causes == ["splitMismatch"])
        #expect(second.decision == "held")
        #expect(try site.run("audit").status == 11)
        try pages.change { $0.clientMinutes = (sse: 500, polling: 7_500) }
        let third = try site.tick()
        #expect(third.causes == ["healthy"])
        #expect(third.decision == "advanced")
        // Nobody polls any more, and nobody streams: at 50 % that is silence.
        #expect(try site.tick().causes == ["notDue"])
        #expect(try site.tick().causes == ["noTraffic"])
    }

    @Test("rehearses to its end, with both ways to count")
    func rehearsal() throws {
        let clients = try Site(metrics: "http://127.0.0.1:1") {
            $0.steps = [("10", "5m"), ("50", "5m"), ("100", "5m")]
            $0.checks.append(PolicyText.split(service: "fits"))
        }
        let exposures = try Site(metrics: "http://127.0.0.1:1") {
            $0.steps = [("10", "5m"), ("50", "5m"), ("100", "5m")]
            $0.checks.append(PolicyText.split(#"exposures: 'seen_total{variant="$variant"}', every: 1s"#))
        }
        for site in [clients, exposures] {
            #expect(try site.run("rehearse", "--scenario", "healthy").status == 0)
            #expect(try site.run("rehearse", "--scenario", "regression").status == 10)
            #expect(try site.run("rehearse", "--scenario", "no-data").status == 10)
        }
    }
}
