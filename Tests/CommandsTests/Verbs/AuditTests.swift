import Assignment
import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@Suite("An audit")
struct AuditTests {
    private static let words = ["--flag", "sse", "--treatment", "sse", "--control", "polling"]

    private struct View: Decodable {
        var schemaVersion: Int
        var kind: String
        var verdict: String
        var variants: [VariantView]
        var chiSquare: ChiSquare
        var sequentialPValue: Double
        var assignments: Assignments?
        var causes: [Cause]
        var source: String
        var exitStatus: Int32

        struct VariantView: Decodable {
            var name: String
            var observed: Double
            var expected: Double
        }

        struct ChiSquare: Decodable {
            var statistic: Double?
            var pValue: Double
        }

        struct Assignments: Decodable {
            var ids: Int
            var both: Int
            var wrong: Int
            var list: [Wrong]
        }

        struct Wrong: Decodable, Equatable {
            var id: String
            var observed: String
            var expected: String
        }

        struct Cause: Decodable {
            var code: String
            var text: String
        }
    }

    private func view(_ outcome: CommandOutcome) throws -> View {
        let view = try JSONDecoder().decode(View.self, from: Data(outcome.output.utf8))
        #expect(view.schemaVersion == 1)
        #expect(view.kind == "audit")
        #expect(view.exitStatus == outcome.status)
        return view
    }

    private func audit(_ arguments: String...) throws -> CommandOutcome {
        try TidegateCommand(["audit"] + Self.words + arguments).run()
    }

    /// Audits a table at 10 %.
    private func table(_ text: String, _ arguments: String..., percentage: String = "10") throws
        -> CommandOutcome
    {
        let directory = try TemporaryDirectory()
        let path = directory.path("seen.csv")
        try FileContents.write(Array(text.utf8), to: path)
        let all = ["audit"] + Self.words + ["--percentage", percentage, "--exposures-file", path] + arguments
        return try TidegateCommand(all).run()
    }

    /// A table of what clients have under an allocation.
    private func seen(
        _ percent: Double,
        _ algorithm: HashAlgorithm = .flagdV2,
        salt: String = "sse",
        clients: Int = 3_000
    ) -> [(id: String, variant: String)] {
        let allocation = Allocation(
            enabled: percent > 0,
            percentage: .percent(percent),
            salt: salt,
            algorithm: algorithm,
            revision: 0
        )
        let assigner = Assigner(allocation, flag: "sse")
        return SampleClients(count: clients).map {
            ($0, assigner.assign($0).variant == .treatment ? "sse" : "polling")
        }
    }

    private func text(_ rows: [(id: String, variant: String)]) -> String {
        rows.map { "\($0.id),\($0.variant)\n" }.joined()
    }

    // MARK: Counts

    @Test(
        "of counts exits by whether they fit",
        arguments: [
            ("sse=1042,polling=9312", "fits", 0), ("polling=9312,sse=1042", "fits", 0),
            ("sse=3012,polling=6988", "mismatch", 11), ("sse=0,polling=1000", "mismatch", 11),
            ("sse=130,polling=870", "doubtful", 0), ("sse=1,polling=9", "tooFew", 0),
            ("sse=0,polling=0", "tooFew", 0),
        ]
    )
    func counts(counts: String, verdict: String, status: Int32) throws {
        let outcome = try audit("--percentage", "10", "--counts", counts, "--json")
        #expect(outcome.status == status)
        #expect(try view(outcome).verdict == verdict)
    }

    @Test("of counts says both shares, both tests and what would fit")
    func countsInWords() throws {
        let outcome = try audit("--percentage", "10", "--counts", "sse=0,polling=10000")
        #expect(outcome.status == 11)
        #expect(
            outcome.output == """
                sse: 10 % published, 0 % observed: mismatch
                  from      counts given
                  sse      0 (0 %), expected 1,000 (10 %)
                  polling  10,000 (100 %), expected 9,000 (90 %)
                  test      off by −10 pp; χ² = 1111.11, df 1, p = 1.3e-243; sequential p = 0
                  likely    the counts fit 0 %: nobody has the treatment

                """
        )
    }

    @Test("at 100 % finds a single client that was left behind")
    func everybody() throws {
        let view = try view(audit("--percentage", "100", "--counts", "sse=500,polling=5", "--json"))
        #expect(view.verdict == "mismatch")
        #expect(view.chiSquare.statistic == nil)
        #expect(view.chiSquare.pValue == 0)
    }

    // MARK: Ids

    @Test("of ids that are all right finds nothing, each counted once")
    func right() throws {
        let rows = seen(10)
        let outcome = try table("id,variant\n" + text(rows + rows.prefix(500)), "--json")
        #expect(outcome.status == 0)
        let view = try view(outcome)
        #expect(view.verdict == "fits")
        #expect(view.assignments?.ids == 3_000)
        #expect(view.assignments?.wrong == 0)
        #expect(view.causes.isEmpty)
        #expect(view.variants.map(\.observed).reduce(0, +) == 3_000)
    }

    @Test("names exactly the ids that are wrong, the first 20 or all")
    func wrong() throws {
        var rows = seen(10)
        let places = stride(from: 5, to: 3_000, by: 100).map(\.self)
        for place in places { rows[place].variant = rows[place].variant == "sse" ? "polling" : "sse" }
        let short = try table(text(rows), "--json")
        #expect(short.status == 11)
        let view = try view(short)
        #expect(view.assignments?.wrong == 30)
        #expect(view.assignments?.list.map(\.id) == places.prefix(20).map { rows[$0].id })
        let all = try self.view(table(text(rows), "--json", "--list"))
        #expect(all.assignments?.list.map(\.id) == places.map { rows[$0].id })
        for wrong in all.assignments?.list ?? [] { #expect(wrong.observed != wrong.expected) }
        let words = try table(text(rows)).output
        #expect(words.contains("30 of 3,000 have another variant than they should"), "\(words)")
        #expect(words.contains("\(rows[5].id): \(rows[5].variant), should be "))
        #expect(words.contains("… and 10 more; --list names all"))
    }

    @Test("counts an id that was seen with both variants for neither, and as wrong")
    func both() throws {
        let rows = seen(10)
        let view = try view(table(text(rows) + "\(rows[0].id),sse\n\(rows[0].id),polling\n", "--json"))
        #expect(view.assignments?.both == 1)
        #expect(view.assignments?.list.map(\.observed) == ["both"])
        #expect(view.variants.map(\.observed).reduce(0, +) == 2_999)
        #expect(view.causes.map(\.code) == ["both-variants"])
    }

    @Test(
        "finds out what would explain the wrong ones",
        arguments: [
            (30, .flagdV2, "sse", "other-percentage", "30 % explains every id"),
            (0, .flagdV2, "sse", "other-percentage", "0 % (nobody is treated) explains every id"),
            (100, .flagdV2, "sse", "other-percentage", "100 % (everybody is) explains every id"),
            (12.5, .flagdV2, "sse", "other-percentage", "12.5 % explains every id"),
            (10, .flagdV3, "sse", "other-algorithm", "the algorithm flagd-v3 explains every id"),
            (10, .unleash, "sse", "other-algorithm", "the algorithm unleash explains every id"),
            (
                50, .growthbookV2, "sse", "other-algorithm",
                "the algorithm growthbook-v2 at 50 % explains every id"
            ),
        ] as [(Double, HashAlgorithm, String, String, String)]
    )
    func causes(
        percent: Double,
        algorithm: HashAlgorithm,
        salt: String,
        code: String,
        text: String
    ) throws {
        // As many as pin a bucket of 12.5 % down to its last digit but one.
        let view = try view(table(self.text(seen(percent, algorithm, salt: salt)), "--json"))
        #expect(view.causes.map(\.code) == [code])
        #expect(view.causes.map(\.text) == [text])
    }

    @Test("knows exchanged variants, another salt, and ids beyond ASCII")
    func otherCauses() throws {
        let exchanged = seen(10).map { ($0.id, $0.variant == "sse" ? "polling" : "sse") }
        #expect(try view(table(text(exchanged), "--json")).causes.map(\.code) == ["exchanged-variants"])
        let unsalted = try table(text(seen(10)), "--salt", "pepper", "--json")
        #expect(try view(unsalted).causes.map(\.text) == ["the flag's name as salt explains every id"])
        var rows = seen(10)
        rows += (0..<40).map { ("h\u{e4}user-\($0)", "sse") }
        #expect(try view(table(text(rows), "--json")).causes.map(\.code) == ["beyond-ascii"])
    }

    @Test("tells missing ids from wrong ones")
    func missing() throws {
        let rows = seen(10).filter { $0.variant == "sse" || $0.id.utf8.first != UInt8(ascii: "0") }
        let some = rows.enumerated().filter { $0.element.variant == "sse" || $0.offset % 2 == 0 }
        let view = try view(table(text(some.map(\.element)), "--json"))
        #expect(view.verdict == "mismatch")
        #expect(view.assignments?.wrong == 0)
        #expect(view.causes.map(\.code) == ["missing-ids"])
    }

    @Test("reads what 'assign --csv' prints, and quotes")
    func assigned() throws {
        let directory = try TemporaryDirectory()
        let ids = directory.path("ids")
        let names = Array(SampleClients(count: 500)) + ["a,b", "qu\"ote"]
        try FileContents.write(Array(names.joined(separator: "\n").utf8), to: ids)
        let assigned = try TidegateCommand(
            ["assign"] + Self.words + ["--percentage", "10", "--csv", "--from", ids]
        ).run()
        let view = try view(table(assigned.output, "--json"))
        #expect(view.assignments?.ids == 502)
        #expect(view.assignments?.wrong == 0)
    }

    @Test(
        "refuses a table it cannot read, and names the line",
        arguments: [
            ("alice,sse\nbob\n", "line 2 has no id and variant"),
            ("alice,sse\nbob,SSE\n", "line 2 has the variant 'SSE'"),
            ("id,variant\n,sse\n", "line 2 has an empty id"), ("\"alice,sse\n", "line 1 has a quote"),
            ("\"alice\"x,sse\n", "line 1 has a quote"), ("alice,\"\n", "line 1 has a quote"),
            ("alice,\"sse\"\"\n", "line 1 has a quote"),
        ]
    )
    func unreadable(text: String, words: String) throws {
        let outcome = try table(text)
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains(words), "\(outcome)")
        #expect(outcome.output == "")
    }

    // MARK: Metrics

    private func site(_ split: String) throws -> Site {
        try Site {
            $0.checks = [split]
            $0.metricsKeys = "lag: 0s"
        }
    }

    @Test("asks the policy's metrics for the split of the rollout as it stands")
    func metrics() throws {
        let fits = try site(PolicyText.split(service: "fits"))
        try fits.start()
        try fits.pass(.seconds(60))
        let right = try fits.command("audit", ["--json"]).run()
        #expect(right.status == 0, "\(right)")
        #expect(try view(right).variants.map(\.observed) == [1_000, 9_000])
        #expect(try fits.run("audit", "--percentage", "50").status == 11)
        let thirty = try site(PolicyText.split(service: "thirty"))
        try thirty.start()
        try thirty.pass(.seconds(60))
        let wrong = try thirty.command("audit", ["--json"]).run()
        #expect(wrong.status == 11)
        #expect(try view(wrong).verdict == "mismatch")
    }

    @Test("takes counters apart by how often a client raises them")
    func counters() throws {
        let site = try site(PolicyText.split(service: "fits"))
        let selector = #"client_minutes_total{service="fits", variant="$variant"}"#
        let outcome = try site.command(
            "audit",
            ["--percentage", "10", "--exposures", selector, "--every", "60s", "--over", "10m", "--json"]
        ).run()
        #expect(outcome.status == 0, "\(outcome)")
        let observed = try view(outcome).variants.map { ($0.observed / 10).rounded() * 10 }
        #expect(observed == [1_000, 9_000])
    }

    @Test("does not judge clients that may still be switching")
    func switching() throws {
        let split = #"exposures: 'client_minutes_total{service="fits", variant="$variant"}', every: 60s"#
        let site = try site(PolicyText.split(split))
        try site.start()
        let early = try site.run("audit")
        #expect(early.status == 69)
        #expect(early.errors.contains("clients may still be switching to 10 %"), "\(early)")
        try site.pass(.seconds(120))
        #expect(try site.run("audit").status == 0)
    }

    @Test("says what it cannot see, with the status of the reason")
    func unanswerable() throws {
        let none = try site(PolicyText.split(service: "nobody")).run("audit", "--percentage", "10")
        #expect(none.status == 69)
        #expect(none.errors.contains("no series matches either variant"), "\(none)")
        let without = try Site().run("audit", "--percentage", "10")
        #expect(without.status == 64)
        let dead = try Site(metrics: "http://127.0.0.1:1") {
            $0.checks = [PolicyText.split(service: "fits")]
            $0.metricsKeys = "lag: 0s, timeout: 1s"
        }
        #expect(try dead.run("audit", "--percentage", "10").status == 69)
    }
}
