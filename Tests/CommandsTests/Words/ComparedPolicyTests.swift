import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@Suite("A policy that compares, on a real Prometheus")
struct ComparedPolicyTests {
    private struct Outlook: Decodable {
        var isAssumed: Bool
        var seconds: Double?
        var checks: [Check]

        struct Check: Decodable {
            var exposuresPerMinute: Double
            var failingShare: Double
        }
    }

    private func site() throws -> Site {
        try Site { $0.checks = [PolicyText.compare(service: "fits"), PolicyText.ceiling(service: "web")] }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ outcome: CommandOutcome) throws -> Value {
        try JSONDecoder().decode(type, from: Data(outcome.output.utf8))
    }

    @Test("is told what it could find by lint, at an assumed traffic")
    func lint() throws {
        struct Lint: Decodable {
            var files: [File]
            struct File: Decodable { var outlooks: [Outlook] }
        }
        let site = try site()
        let text = try site.run("lint").output
        for rate in ["1/s", "20/s", "500/s"] { #expect(text.contains("    \(rate) "), "\(text)") }
        #expect(text.contains("assuming that 0.5 % fail"))
        #expect(
            try site.run("lint", "--traffic", "20/s").output.contains("  outlook  client-failures at 1,200 ")
        )
        let three = try decode(Lint.self, site.run("lint", "--json")).files[0].outlooks
        #expect(three.map { $0.checks[0].exposuresPerMinute } == [60, 1_200, 30_000])
        #expect(three.map(\.isAssumed) == [true, true, true])
        let one = try decode(Lint.self, site.run("lint", "--json", "--traffic", "300/m", "--failing", "2%"))
        #expect(one.files[0].outlooks.map { $0.checks[0].exposuresPerMinute } == [300])
        #expect(one.files[0].outlooks.map { $0.checks[0].failingShare } == [0.02])
        #expect(try site.run("lint", "--quiet").output == "")
    }

    @Test("is told by plan what history lets expect, by status how it stands, and by plan what is left")
    func rollout() throws {
        struct Status: Decodable {
            var checks: [Check]
            struct Check: Decodable { var comparison: Comparison? }
            struct Comparison: Decodable {
                var ratio: Double?
                var intervals: Int
                var harm: Evidence
            }
            struct Evidence: Decodable { var needed: Double }
        }
        struct Plan: Decodable { var outlook: Outlook }
        let site = try site()
        let before = try decode(Plan.self, site.run("plan", "--json")).outlook
        // 9,000 clients of the control, of whom one in 200 fails a minute.
        #expect((8_500...9_500).contains(before.checks[0].exposuresPerMinute), "\(before)")
        #expect((0.004...0.006).contains(before.checks[0].failingShare), "\(before)")
        try site.start()
        #expect(try site.tick().decision == "held")
        let status = try decode(Status.self, site.run("status", "--json"))
        let comparison = try #require(status.checks[0].comparison)
        #expect(status.checks[1].comparison == nil)
        #expect(comparison.intervals == 1)
        #expect((0.5...2).contains(comparison.ratio ?? 0))
        #expect(abs(comparison.harm.needed - 1 / 0.0098) < 1e-9)
        let text = try site.run("status").output
        #expect(text.contains("rollback ["), "\(text)")
        let plan = try site.run("plan")
        #expect(plan.output.contains("  outlook  client-failures at "), "\(plan)")
        #expect(plan.output.contains("left for a healthy rollout"), "\(plan)")
        let left = try decode(Plan.self, site.run("plan", "--json")).outlook
        #expect(!left.isAssumed)
        // Of 10,000 clients in both arms one in 200 fails a minute; history knew those of the control only.
        #expect((9_000...10_500).contains(left.checks[0].exposuresPerMinute), "\(left)")
        #expect((0.004...0.006).contains(left.checks[0].failingShare), "\(left)")
    }

    @Test("is told by plan that nobody knows the traffic, where metrics have no history")
    func unknownTraffic() throws {
        let site = try Site {
            $0.checks = [PolicyText.compare(service: "fits")]
            $0.pages = ["http://127.0.0.1:1/metrics"]
        }
        let plan = try site.run("plan")
        #expect(plan.output.contains("  outlook  no history, so the traffic is not known"), "\(plan)")
        #expect(try Site().run("plan").output.contains("outlook") == false)
    }

    @Test("is explained by its file, or by its flag where the state is")
    func explain() throws {
        struct Explained: Decodable {
            var phase: String
            var isPolicyAccepted: Bool
            var matrix: [Row]
            struct Row: Decodable {
                var cause: String
                var direction: String
            }
        }
        var site = try site()
        let before = try site.run("explain")
        #expect(before.status == 0)
        #expect(
            before.output.hasPrefix("sse: not started; the flag will go 10 % → 50 % → 100 %"),
            "\(before)"
        )
        try site.start()
        try site.tick()
        let byFile = try site.run("explain")
        #expect(byFile.output.hasPrefix("sse: progressing at 10 %, step 1 of 3"), "\(byFile)")
        let byFlag = try TidegateCommand(["explain", "sse", "--state", site.database]).run()
        #expect(byFlag.status == 0)
        #expect(byFlag.output == byFile.output)
        try site.changePolicy { $0.interval = "30s" }
        let changed = try site.command("explain", ["--json"]).run()
        let explained = try decode(Explained.self, changed)
        #expect(!explained.isPolicyAccepted)
        #expect(explained.matrix.map(\.cause) == Cause.allCases.map(\.rawValue))
        #expect(explained.matrix.first { $0.cause == "breached" }?.direction == "roll-back-now")
        let unknown = try TidegateCommand(["explain", "other", "--state", site.database]).run()
        #expect(unknown.status == 64)
        #expect(unknown.errors.hasPrefix("error: there is no rollout of 'other' in this store"), "\(unknown)")
    }
}
