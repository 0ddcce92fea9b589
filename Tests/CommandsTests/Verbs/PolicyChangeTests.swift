import Rollout
import Testing
import TidegateTestKit

@Suite("A policy file changed in the middle of a rollout")
struct PolicyChangeTests {
    private static let stricter = PolicyText.ceiling(service: "web").replacing("1%", with: "0.5%")

    @Test("holds until it is accepted")
    func holdsUntilAccepted() throws {
        var site = try Site()
        try site.start()
        try site.changePolicy { $0.checks = [Self.stricter] }
        let held = try site.tick()
        #expect(held.decision == "held")
        #expect(held.codes.first == "policy-changed")
        #expect(try site.report("status").exitStatus == 11)
        #expect(try site.run("accept-policy", "--reason", "stricter").status == 0)
        #expect(try site.report("status").exitStatus == 0)
        #expect(try site.tick().decision == "advanced")
        #expect(try site.exposure == 50)
    }

    @Test("is still judged under the accepted one: a laxer limit saves nobody")
    func judgedUnderAccepted() throws {
        let front = try Front()
        var site = try Site(metrics: front.url)
        try site.start()
        try front.become(.odd)
        try site.changePolicy {
            $0.checks = [PolicyText.ceiling(service: "web").replacing("1%", with: "99%")]
        }
        #expect(try site.tick().exitStatus == 10)
        #expect(try site.exposure == 0)
    }

    @Test("only in its comments and layout does not count")
    func comments() throws {
        let site = try Site()
        try site.start()
        try site.writePolicy("# one step at a time\n\n" + site.policy.text.replacing("60s", with: "1m"))
        #expect(try site.tick().decision == "advanced")
    }

    @Test("into nonsense never advances, but a breach still rolls back")
    func broken() throws {
        let front = try Front()
        let site = try Site(metrics: front.url)
        try site.start()
        try site.writePolicy(site.policy.text.replacing("ceiling", with: "ceilng"))
        for _ in 0..<2 {
            try site.pass(.seconds(60))
            let outcome = try site.run("step")
            #expect(outcome.status == 78, "\(outcome)")
            #expect(outcome.errors.contains("sse.yaml:13:5: error: unknown key 'ceilng'"), "\(outcome)")
            #expect(try site.exposure == 10)
        }
        #expect(try site.tick().decision == "held")
        try front.become(.odd)
        let report = try site.tick()
        #expect(report.exitStatus == 10)
        #expect(report.decision == "rolledBack")
        #expect(try site.exposure == 0)
    }

    @Test("into nonsense stops neither a rollback nor a look", arguments: [true, false])
    func rollbackWithBrokenPolicy(isYAML: Bool) throws {
        let site = try Site()
        try site.start()
        try site.writePolicy(isYAML ? site.policy.text.replacing("ceiling", with: "ceilng") : "flag: [")
        let path = isYAML ? [site.policyPath] : ["sse", "--state", site.database]
        #expect(try TidegateCommand(["status"] + path).run().status == 0)
        #expect(try TidegateCommand(["rollback"] + path).run().status == 10)
        #expect(try site.exposure == 0)
    }

    @Test(
        "in what cannot change meanwhile is refused",
        arguments: ["salt: other": "salt", "algorithm: growthbook-v2": "algorithm"]
    )
    func frozen(line: String, key: String) throws {
        var site = try Site()
        try site.start()
        try site.changePolicy { $0.more = line }
        let outcome = try site.run("accept-policy")
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("'\(key)' cannot change while clients are exposed"), "\(outcome)")
        // About a tenth is treated before, and another tenth after: 18,000 of 100,000, give or take chance.
        let moved = try #require(
            outcome.errors.firstMatch(of: /move (\d+),(\d+) of 100,000 sample clients/)
        )
        let number = try #require(Int(String(moved.1) + String(moved.2)))
        #expect((17_000...19_000).contains(number))
        #expect(try site.tick().decision == "held")
        #expect(try site.exposure == 10)
    }

    @Test("in how or under which names the flag is published is refused: the old document would stay")
    func frozenFormat() throws {
        var site = try Site { $0.fileKeys = "format: flagd, settle: 0s" }
        try site.start()
        let published = try FileContents.read(site.flagFile)
        try site.changePolicy { $0.fileKeys = "format: json, settle: 0s" }
        let format = try site.run("accept-policy")
        #expect(format.status == 78)
        #expect(format.errors.contains("'publish' cannot change while clients are exposed"), "\(format)")
        try site.changePolicy { $0.fileKeys = "format: flagd, settle: 0s" }
        try site.writePolicy(site.policy.text.replacing("control: polling", with: "control: pulling"))
        let names = try site.run("accept-policy")
        #expect(names.status == 78)
        #expect(names.errors.contains("'variants' cannot change while clients are exposed"), "\(names)")
        #expect(try FileContents.read(site.flagFile) == published)
    }
}
