import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("The program, on real metrics servers")
struct HealthyRolloutTests {
    @Test("walks a healthy service from 10 to 50 to 100 %, step by step", arguments: Metrics.Make.allCases)
    func completes(make: Metrics.Make) throws {
        let site = try Site(metrics: make.healthy().url) { policy in
            policy.interval = "1s"
            policy.steps = [("10", "1s"), ("50", "2s"), ("100", "1s")]
        }
        try site.start()
        var seen = try [site.exposure]
        let deadline = ContinuousClock.now + .seconds(60)
        var decision: String?
        while decision != "completed" {
            try #require(ContinuousClock.now < deadline, "still at \(seen)")
            let report = try site.report("step")
            #expect(report.exitStatus == 0)
            let now = try site.exposure
            #expect(report.exposure == now)
            if now != seen.last { seen.append(now) }
            decision = report.decision
            // Not a wait for anything: it keeps a loop of processes from taking the machine.
            usleep(100_000)
        }
        #expect(seen == [10, 50, 100])
        try site.expectAgreement()
        let status = try site.report("status")
        #expect(status.phase == "completed")
        #expect(status.exitStatus == 0)
        #expect(
            try site.history.map(\.entry.event).filter { $0 != .held && $0 != .confirmed }
                == [.started, .advanced, .advanced, .completed]
        )
    }

    @Test("rolls back in the very tick that sees errors above the limit", arguments: Metrics.Make.allCases)
    func breaches(make: Metrics.Make) throws {
        let front = try Front(to: make)
        let site = try Site(metrics: front.url)
        try site.start()
        #expect(try site.tick().decision == "advanced")
        #expect(try site.exposure == 50)
        try front.become(.odd)
        let report = try site.tick()
        #expect(report.decision == "rolledBack")
        #expect(report.exitStatus == 10)
        #expect(report.causes == ["breached"])
        #expect(
            try site.published
                == Published(enabled: false, rollout: .init(percentage: 0, salt: "sse", revision: 3))
        )
        try site.expectAgreement()
        #expect(try site.report("status").exitStatus == 10)
        // A latch: health alone does not bring it back.
        try front.become(.healthy)
        let later = try site.tick()
        #expect(later.decision == "finished")
        #expect(later.exitStatus == 0)
        #expect(try site.exposure == 0)
    }

    @Test("takes a service that never had an error for healthy", arguments: Metrics.Make.allCases)
    func flawless(make: Metrics.Make) throws {
        let site = try Site(metrics: make.healthy().url) {
            $0.checks = [PolicyText.ceiling(service: "flawless")]
        }
        try site.start()
        let report = try site.tick()
        #expect(report.decision == "advanced")
        #expect(report.checks?.first?.value == 0)
        #expect(try site.exposure == 50)
    }
}
