import Rollout
import Testing
import TidegateTestKit

@Suite("The crontab")
struct CronExampleTests {
    /// What cron runs: the line's sixth field, by /bin/sh, with cron's environment, in the owner's home.
    private static func command() throws -> Substring {
        let file = try ExampleFile("tidegate.cron")
        // Cron ignores a last line without its end.
        #expect(file.text.hasSuffix("\n"))
        let jobs = file.lines.filter { !$0.contains("=") || $0.hasPrefix("*") }
        let job = try #require(jobs.first)
        #expect(jobs.count == 1)
        // To cron a percent sign is the end of the command.
        #expect(!job.contains("%"))
        let fields = job.split(separator: " ", maxSplits: 5)
        #expect(fields.prefix(5).allSatisfy { $0 == "*" })
        return try #require(fields.count == 6 ? fields[5] : nil)
    }

    private static func runs(_ site: Site) throws -> CommandOutcome {
        let home = site.directory.path("state")
        let cron = TidegateCommand(
            [],
            adding: ["HOME": home, "SHELL": "/bin/sh"],
            in: home
        )
        return try cron.runLine(ExampleFile.moved(Self.command(), policy: site.policyPath))
    }

    @Test("advances a healthy rollout and says nothing, so that cron mails nothing")
    func healthy() throws {
        let site = try Site()
        try site.start()
        try site.pass(.seconds(60))
        let outcome = try Self.runs(site)
        #expect(outcome.status == 0)
        #expect(outcome.output + outcome.errors == "")
        #expect(try site.exposure == 50)
    }

    @Test("mails one line when the rollout came back by itself")
    func breach() throws {
        let front = try Front()
        let site = try Site(metrics: front.url)
        try site.start()
        try front.become(.odd)
        try site.pass(.seconds(60))
        let outcome = try Self.runs(site)
        #expect(outcome.status == 10)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains("rolled back"))
        #expect(try site.exposure == 0)
    }
}
