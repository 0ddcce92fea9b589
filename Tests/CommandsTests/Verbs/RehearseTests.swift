import FoundationEssentials
import Rehearsal
import Testing
import TidegateTestKit

@Suite("A rehearsal on the command line")
struct RehearseTests {
    /// The package's own folder, so that the policy is named as in the documentation.
    private static let package = Golden.fixtures("../../..")

    private func rehearse(_ arguments: String..., policy: String = "Policies/sse.yaml") throws
        -> CommandOutcome
    {
        try TidegateCommand(["rehearse", policy] + arguments, in: Self.package).run()
    }

    private func status(of scenario: Scenario.Name) -> Int32 {
        switch scenario {
        case .healthy, .flapping: 0
        case .regression, .outage, .noData, .sharedIncident: 10
        case .noTraffic: 11
        }
    }

    @Test(
        "prints the same timeline every time and exits by the rollout's end",
        arguments: Scenario.Name.allCases
    )
    func timeline(scenario: Scenario.Name) throws {
        let outcome = try rehearse("--scenario", scenario.rawValue)
        #expect(outcome.status == status(of: scenario), "\(outcome)")
        #expect(outcome.errors == "")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(outcome)")
        let golden = Golden.fixtures("../Golden/rehearse-\(scenario.rawValue).txt")
        Golden.expect(
            "$ tidegate rehearse Policies/sse.yaml --scenario \(scenario.rawValue)\n\(outcome.output)",
            matches: golden
        )
    }

    @Test("differs with another seed and with other traffic")
    func seeds() throws {
        let usual = try rehearse("--scenario", "healthy").output
        #expect(try rehearse("--scenario", "healthy", "--seed", "1", "--traffic", "500").output == usual)
        let others = [["--seed", "2"], ["--traffic", "600"]]
        for arguments in others {
            let command = ["rehearse", "Policies/sse.yaml", "--scenario", "healthy"] + arguments
            let other = try TidegateCommand(command, in: Self.package).run()
            #expect(other.status == 0)
            let cost = other.output.split(separator: "\n").first { $0.hasPrefix("  cost") }
            #expect(cost != nil && !usual.contains(cost ?? ""), "\(arguments): \(other)")
        }
    }

    /// What programs rely on.
    private struct Report: Decodable {
        var schemaVersion: Int
        var kind: String
        var flag: String
        var scenario: String
        var seed: UInt64
        var steps: [Double]
        var events: [Event]
        var end: End
        var totals: Totals
        var exitStatus: Int32

        struct Event: Decodable {
            var elapsed: String
            var count: Int
            var lastElapsed: String
            var decision: String
            var exposure: Double
            var checks: [Check]
            var unanswered: Int
        }

        struct Check: Decodable {
            var name: String
            var cause: String?
        }

        struct End: Decodable {
            var outcome: String
            var why: String?
        }

        struct Totals: Decodable {
            var ticks: Int
            var duration: String
            var largestExposure: Double
            var timeAtExposure: [TimeAtExposure]
            var treatedRequests: Int
            var failedTreatedRequests: Int
        }
    }

    private struct TimeAtExposure: Decodable {
        var exposure: Double
    }

    @Test("of a shared incident completes under a comparison, and is rolled back under a ceiling")
    func sharedIncident() throws {
        let compared = try Site(PolicyText(url: "http://127.0.0.1:1", checks: [PolicyText.comparison]))
        let limited = try Site(metrics: "http://127.0.0.1:1")
        #expect(try limited.run("rehearse", "--scenario", "shared-incident").status == 10)
        let text = try compared.run("rehearse", "--scenario", "shared-incident")
        #expect(text.status == 0, "\(text)")
        #expect(text.output.contains("the flag goes from 95 % to"), "\(text)")
        let outcome = try compared.run("rehearse", "--scenario", "shared-incident", "--json")
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        #expect(report.steps == [10, 50, 100])
        #expect(report.totals.timeAtExposure.map(\.exposure) == [10, 50, 95])
        #expect(report.totals.largestExposure == 100)
        #expect(report.events.last?.exposure == 100)
    }

    @Test("with --json is one versioned object")
    func json() throws {
        let outcome = try rehearse("--scenario", "regression", "--seed", "3", "--json")
        #expect(outcome.output.split(separator: "\n").count == 1)
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        #expect(report.schemaVersion == 1)
        #expect(report.kind == "rehearse")
        #expect(report.flag == "sse")
        #expect(report.scenario == "regression")
        #expect(report.seed == 3)
        #expect(report.exitStatus == 10)
        #expect(outcome.status == 10)
        #expect(report.end.outcome == "rolledBack")
        #expect(report.end.why?.contains("× control") == true, "\(outcome)")
        #expect(report.events.first?.decision == "started")
        #expect(report.events.last?.decision == "rolledBack")
        #expect(report.events.last?.exposure == 0)
        #expect(report.events.last?.checks.contains { $0.cause == "breached" } == true)
        #expect(report.events.reduce(0) { $0 + $1.count } == report.totals.ticks + 1)
        #expect(report.events.last?.lastElapsed == report.totals.duration)
        #expect(report.totals.largestExposure == 50)
        #expect(report.totals.failedTreatedRequests > 0)
    }

    @Test("with --quiet says nothing and exits the same")
    func quiet() throws {
        let outcome = try rehearse("--scenario", "outage", "--quiet")
        #expect(outcome.status == 10)
        #expect(outcome.output == "")
        #expect(outcome.errors == "")
    }

    @Test(
        "touches neither state nor flag file, and asks no metrics server",
        arguments: Scenario.Name.allCases
    )
    func untouched(scenario: Scenario.Name) throws {
        // Nothing listens there.
        let site = try Site(metrics: "http://127.0.0.1:1")
        let before = DirectoryTree(site.directory.path)
        #expect(before.entries.keys.sorted() == [".", "./flags", "./sse.yaml", "./state"])
        let outcome = try site.run("rehearse", "--scenario", scenario.rawValue)
        #expect(outcome.status == status(of: scenario), "\(outcome)")
        #expect(DirectoryTree(site.directory.path) == before)
    }

    @Test("leaves a rollout that is under way alone")
    func underWay() throws {
        let site = try Site()
        try site.start()
        let before = DirectoryTree(site.directory.path)
        #expect(try site.run("rehearse", "--scenario", "regression").status == 10)
        #expect(DirectoryTree(site.directory.path) == before)
    }

    @Test("of a wrong command line names the scenarios there are")
    func usage() throws {
        let unknown = try rehearse("--scenario", "apocalypse")
        #expect(unknown.status == 64)
        for scenario in Scenario.Name.allCases { #expect(unknown.errors.contains("- \(scenario.rawValue)")) }
        #expect(try rehearse().status == 64)
        for traffic in ["0", "-1", "nan", "inf", "1e10", "many"] {
            #expect(try rehearse("--scenario", "healthy", "--traffic=\(traffic)").status == 64, "\(traffic)")
        }
        #expect(try rehearse("--scenario", "healthy", "--seed=-1").status == 64)
        let help = try TidegateCommand(["rehearse", "--help"]).run()
        #expect(help.output.contains("no-traffic"))
    }

    @Test("of a policy with mistakes is an error with status 78")
    func badPolicy() throws {
        let site = try Site(metrics: "http://127.0.0.1:1")
        try site.writePolicy(site.policy.text.replacing("ceiling: 1%", with: "ceilng: 1%"))
        let outcome = try site.run("rehearse", "--scenario", "healthy")
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("unknown key 'ceilng'"), "\(outcome)")
        #expect(try rehearse("--scenario", "healthy", policy: "/nonexistent/sse.yaml").status == 78)
    }

    @Test("of every policy that comes along completes when healthy and rolls back a regression")
    func shipped() throws {
        let policies = TemporaryDirectory.names(in: "\(Self.package)/Policies").filter {
            $0.hasSuffix(".yaml")
        }
        #expect(policies.contains("sse.yaml"))
        for policy in policies {
            let path = "Policies/\(policy)"
            #expect(try rehearse("--scenario", "healthy", "--quiet", policy: path).status == 0, "\(policy)")
            #expect(
                try rehearse("--scenario", "regression", "--quiet", policy: path).status == 10,
                "\(policy)"
            )
        }
    }
}
