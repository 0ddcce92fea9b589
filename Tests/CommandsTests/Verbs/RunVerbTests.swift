import FoundationEssentials
import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("'run'")
struct RunVerbTests {
    /// Asks again and again; nothing here takes a tenth of the patience.
    private func waitUntil(_ what: String, _ isSo: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(50)
        while try !isSo() {
            try #require(ContinuousClock.now < deadline, "never happened: \(what)")
            usleep(20_000)
        }
    }

    /// A site whose `run` stands at 10 % and has nothing to do for a long time.
    private func standing(_ arguments: String...) throws -> (Site, CommandProcess) {
        let site = try Site.unhurried()
        let run = try site.command("run", arguments).start()
        try waitUntil("10 %") { try site.published != nil && site.state.intent == nil && site.exposure == 10 }
        return (site, run)
    }

    @Test("starts a rollout and walks it to completion on a real Prometheus")
    func completes() throws {
        let site = try Site {
            $0.interval = "1s"
            $0.steps = [("10", "1s"), ("50", "2s"), ("100", "1s")]
        }
        let outcome = try site.command("run", ["--reason", "RFC 12", "--actor", "sam"]).run()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors == "")
        for words in [
            "sse started at 10 %", "advanced to 50 %", "advanced to 100 %", "held at", "completed:",
        ] {
            #expect(outcome.output.contains(words), "\(outcome)")
        }
        let lines = outcome.output.split(separator: "\n").dropFirst()
        #expect(lines.allSatisfy { $0.prefixMatch(of: #/[0-9]{2}:[0-9]{2}:[0-9]{2} /#) != nil }, "\(outcome)")
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(try site.exposure == 100)
        try site.expectAgreement()
        #expect(try site.history.first?.entry.actor == "sam")
        let again = try site.run("run")
        #expect(again.status == 0)
        #expect(again.output.contains("sse is completed at 100 %"), "\(again)")
    }

    @Test("prints one versioned object a line with --json, the last with the exit status")
    func json() throws {
        let site = try Site {
            $0.interval = "1s"
            $0.steps = [("10", "1s"), ("100", "1s")]
        }
        let outcome = try site.command("run", ["--json"]).run()
        #expect(outcome.status == 0, "\(outcome)")
        let reports = try outcome.output.split(separator: "\n").map {
            try JSONDecoder().decode(Report.self, from: Data($0.utf8))
        }
        #expect(reports.allSatisfy { $0.schemaVersion == 1 && $0.kind == "run" && $0.exitStatus == 0 })
        #expect(reports.first?.decision == "started")
        #expect(reports.last?.decision == "completed")
        #expect(reports.filter { $0.decision == "advanced" }.map(\.exposure) == [100])
    }

    @Test("ends with 10 when errors above the limit roll it back")
    func breach() throws {
        let front = try Front()
        let site = try Site(metrics: front.url) { $0.interval = "1s" }
        let run = try site.command("run", ["--quiet"]).start()
        try waitUntil("10 %") { try site.exposure == 10 }
        try front.become(.odd)
        let outcome = try run.outcome()
        #expect(outcome.status == 10, "\(outcome)")
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("tidegate: sse needs a person: rolled back: server-errors"))
        #expect(try site.published?.enabled == false)
        try site.expectAgreement()
        let again = try site.run("run")
        #expect(again.status == 10)
        #expect(again.errors.contains("start \(site.policyPath) --from-step 1 --reason"), "\(again)")
        #expect(try site.published?.enabled == false)
    }

    @Test("ends with 10 soon after another process rolled back")
    func rollbackElsewhere() throws {
        let (site, run) = try standing("--json")
        #expect(try site.run("rollback", "--reason", "slow").status == 10)
        let outcome = try run.outcome()
        #expect(outcome.status == 10, "\(outcome)")
        let last = try #require(outcome.output.split(separator: "\n").last)
        let report = try JSONDecoder().decode(Report.self, from: Data(last.utf8))
        #expect(report.phase == "rolledBack")
        #expect(report.exitStatus == 10)
        #expect(report.phaseReason?.contains("slow") == true)
    }

    @Test(
        "leaves state and flag file as they are on Ctrl-C and its kin",
        arguments: [SIGINT, SIGTERM, SIGHUP]
    )
    func interrupted(signal: Int32) throws {
        let (site, run) = try standing()
        let state = try site.state
        let file = try FileContents.read(site.flagFile)
        run.send(signal)
        let outcome = try run.outcome()
        #expect(outcome.status == 11, "\(outcome)")
        #expect(
            outcome.errors.hasPrefix("sse stays at 10 % and nobody watches it now; go on with 'tidegate run ")
        )
        #expect(try site.state == state)
        #expect(try FileContents.read(site.flagFile) == file)
        // And goes on from there.
        let next = try site.command("run").start()
        #expect(try site.run("rollback").status == 10)
        #expect(try next.outcome().status == 10)
    }

    @Test("that is ignoring hangups goes on, as under nohup")
    func nohup() throws {
        let site = try Site.unhurried()
        var command = site.command("run")
        command.wrapper = TidegateCommand.shell("trap '' HUP")
        let run = try command.start()
        try waitUntil("10 %") { try site.exposure == 10 }
        run.send(SIGHUP)
        #expect(try site.run("rollback").status == 10)
        #expect(try run.outcome().status == 10)
    }

    @Test("with --exit-when-waiting ends with 11 once it is paused")
    func waits() throws {
        let (site, run) = try standing("--exit-when-waiting")
        #expect(try site.run("pause", "--actor", "sam", "--reason", "lunch").status == 0)
        let outcome = try run.outcome()
        #expect(outcome.status == 11, "\(outcome)")
        #expect(outcome.output.contains("paused at 10 %: paused by sam: lunch; go on with 'tidegate resume"))
    }

    @Test("refuses what start refuses, and exposes nobody")
    func preflight() throws {
        let site = try Site { $0.checks = [PolicyText.ceiling(service: "wbe")] }
        let outcome = try site.run("run")
        #expect(outcome.status == 78, "\(outcome)")
        #expect(outcome.errors.contains("error: check 'server-errors' (exposures) finds no current data"))
        #expect(try site.published == nil)
        #expect(try site.command("run", ["--state", site.database]).run().status == 78)
    }

    @Test("of a broken policy guards what is out, and rolls it back")
    func brokenPolicy() throws {
        let front = try Front()
        let site = try Site(metrics: front.url) { $0.interval = "1s" }
        try site.start()
        try site.writePolicy(site.policy.text.replacing("ceiling", with: "ceilng"))
        let run = try site.command("run").start()
        try front.become(.odd)
        let outcome = try run.outcome()
        #expect(outcome.status == 10, "\(outcome)")
        #expect(outcome.errors.contains("unknown key 'ceilng'"))
        #expect(!outcome.errors.contains("accept-policy"))
        #expect(try site.published?.enabled == false)
    }
}

extension Site {
    /// A rollout whose first interval takes far longer than any test.
    static func unhurried() throws -> Site {
        try Site {
            $0.interval = "10m"
            $0.steps = [("10", "10m"), ("100", "10m")]
        }
    }
}
