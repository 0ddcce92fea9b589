import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@Suite("What the program prints")
struct OutputTests {
    /// What every JSON object begins with.
    private struct Head: Decodable {
        var schemaVersion: Int
        var kind: String
        var exitStatus: Int32?
    }

    @Test("with --json is one versioned object a verb, which repeats the exit status")
    func json() throws {
        let site = try Site()
        let runs: [(String, [String])] = [
            ("lint", []), ("plan", []), ("status", []), ("explain", []), ("start", []), ("start", []),
            ("step", []), ("explain", []),
            ("step", ["--dry-run"]), ("pause", []), ("resume", []), ("promote", []), ("accept-policy", []),
            ("rollback", []), ("status", []), ("step", []),
        ]
        for (verb, arguments) in runs {
            let outcome = try site.command(verb, arguments + ["--json"]).run()
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == 1, "\(verb): \(outcome)")
            let head = try JSONDecoder().decode(Head.self, from: Data(outcome.output.utf8))
            #expect(head.schemaVersion == 1)
            #expect(head.exitStatus == outcome.status, "\(verb): \(outcome)")
            let kinds = outcome.errors.hasPrefix("error: ") ? ["error"] : [verb, "plan"]
            #expect(kinds.contains(head.kind), "\(verb): \(outcome)")
        }
    }

    @Test("with --json is one object a line where there are many")
    func jsonLines() throws {
        let site = try Site()
        try site.start()
        try site.run("rollback")
        let outcome = try site.command("history", ["--json"]).run()
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count >= 2)
        for line in lines {
            let head = try JSONDecoder().decode(Head.self, from: Data(line.utf8))
            #expect(head.schemaVersion == 1)
            #expect(head.kind == "history")
        }
    }

    @Test("of a broken policy in the middle of a rollout is one JSON object still")
    func brokenPolicyJSON() throws {
        let site = try Site()
        try site.start()
        try site.writePolicy(site.policy.text.replacing("ceiling", with: "ceilng"))
        let outcome = try site.command("step", ["--json"]).run()
        #expect(try outcome.report().exitStatus == 78)
        #expect(outcome.errors.contains("unknown key"))
    }

    @Test("with --quiet is nothing on standard output")
    func quiet() throws {
        let site = try Site()
        for verb in [
            "lint", "plan", "start", "step", "status", "history", "explain", "pause", "resume",
        ] {
            let outcome = try site.run(verb, "--quiet")
            #expect(outcome.output == "", "\(verb)")
            #expect(outcome.errors == "", "\(verb)")
        }
    }

    @Test("to a person who is needed comes once, even with --quiet, and again after an hour")
    func tellsOnce() throws {
        let site = try Site()
        try site.start()
        try site.publishByHand(percentage: 80, revision: 1)
        func told() throws -> String {
            try site.pass(.seconds(60))
            let outcome = try site.run("step", "--quiet")
            #expect(outcome.status == 0)
            #expect(outcome.output == "")
            return outcome.errors
        }
        let line = try told()
        #expect(line.hasPrefix("tidegate: sse needs a person: file:\(site.flagFile) shows 80 %"), "\(line)")
        #expect(line.split(separator: "\n").count == 1, "\(line)")
        #expect(line.contains("tidegate resume \(site.policyPath) --accept-drift"), "\(line)")
        for _ in 0..<3 { #expect(try told() == "") }
        try site.pass(.minutes(57))
        #expect(try told() == line)
        #expect(try told() == "")
    }

    @Test(
        "for a wrong command line is an error with status 64",
        arguments: [
            ["frobnicate"], ["step"], ["step", "sse"], ["status", "--frob"],
            ["start", "p.yaml", "--from-step", "0"],
            ["resume", "p.yaml", "--accept-drift", "--reassert"], ["history", "p.yaml", "--limit", "0"],
            ["lint", "p.yaml", "--traffic", "20"], ["lint", "p.yaml", "--failing", "0.005"], ["explain"],
            ["explain", "sse"], ["assign", "p.yaml"], ["status"], ["assign", "--id", "a"],
            ["assign", "--flag", "f", "--id", "a"],
            ["assign", "p.yaml", "--flag", "f", "--id", "a"],
            ["assign", "--flag", "f", "--percentage", "1", "--id", "a", "--from", "-"],
            ["assign", "--flag", "f", "--percentage", "1", "--id", "a", "--csv", "--json"],
            ["assign", "--flag", "f", "--percentage", "101", "--id", "a"],
            ["assign", "--flag", "f", "--percentage", "1", "--algorithm", "md5", "--id", "a"],
            ["assign", "--flag", "f", "--percentage", "1.5", "--algorithm", "unleash", "--id", "a"],
            ["assign", "--flag", "f", "--percentage", "1", "--treatment", "off", "--id", "a"],
            ["audit", "--flag", "f", "--percentage", "1"],
            ["audit", "--flag", "f", "--percentage", "1", "--counts", "on=1"],
            ["audit", "--flag", "f", "--percentage", "1", "--counts", "on=1,off=-1"],
            ["audit", "--flag", "f", "--percentage", "1", "--counts", "on=1,off=1", "--list"],
            ["audit", "p.yaml", "--exposures", "x{variant=\"$variant\"}"],
            ["audit", "p.yaml", "--clients", "x"],
            ["audit", "p.yaml", "--clients", "x{variant=\"$variant\"}", "--over", "long"],
        ]
    )
    func usage(arguments: [String]) throws {
        let outcome = try TidegateCommand(arguments).run()
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.output == "")
        #expect(outcome.errors.lowercased().hasPrefix("error: "), "\(outcome)")
    }

    @Test(
        "for a policy file that is not there is an error with status 78",
        arguments: ["step", "lint", "plan", "explain"]
    )
    func missingPolicy(verb: String) throws {
        let outcome = try TidegateCommand([verb, "/nonexistent/sse.yaml"]).run()
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("/nonexistent/sse.yaml"), "\(outcome)")
    }

    @Test("names the places of a policy's errors, and lint exits with 78")
    func lint() throws {
        let site = try Site()
        #expect(try site.run("lint").status == 0)
        try site.writePolicy(site.policy.text.replacing("ceiling: 1%", with: "ceilng: 1%"))
        let outcome = try site.run("lint")
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("sse.yaml:13:5: error: unknown key 'ceilng'"), "\(outcome)")
        #expect(outcome.errors.contains("hint: did you mean 'ceiling'?"))
    }

    @Test("says what lint has proved about the cohorts, to programs too")
    func cohorts() throws {
        struct Lint: Decodable {
            struct File: Decodable { var cohorts: Cohorts? }
            struct Cohorts: Decodable, Equatable {
                var onlyGrow: Bool
                var percentages: [Double]
                var buckets: Int
            }
            var files: [File]
        }
        let site = try Site { $0.steps[0].percentage = "0.125" }
        let outcome = try site.run("lint")
        let words = "cohorts only grow: 0.125 % → 50 % → 100 % over all 100,000 buckets\n"
        #expect(outcome.output.hasSuffix(words), "\(outcome)")
        let json = try site.command("lint", ["--json"]).run().output
        let lint = try JSONDecoder().decode(Lint.self, from: Data(json.utf8))
        #expect(
            lint.files.map(\.cohorts)
                == [.init(onlyGrow: true, percentages: [0.125, 50, 100], buckets: 100_000)]
        )
        try site.writePolicy(site.policy.text + "algorithm: unleash\n")
        let finer = try site.run("lint")
        #expect(finer.status == 78)
        #expect(finer.errors.contains("sse.yaml:6:18: error: 0.125 % is no multiple of 1 %"), "\(finer)")
        #expect(!finer.output.contains("cohorts"))
    }

    @Test("for shells is a completion script", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let outcome = try TidegateCommand(["--generate-completion-script", shell]).run()
        #expect(outcome.status == 0)
        for verb in ["accept-policy", "rollback", "--dry-run"] {
            // Fish leaves the dashes of an option to its own syntax.
            let word = shell == "fish" ? verb.replacing("--", with: "") : verb
            #expect(outcome.output.contains(word), "\(verb)")
        }
    }

    @Test("as its version names libcurl's")
    func version() throws {
        let outcome = try TidegateCommand(["--version"]).run()
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("tidegate "))
        #expect(outcome.output.contains("libcurl/"))
    }
}
