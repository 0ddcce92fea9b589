import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("A comparison of the session service's clients")
struct ComparedWorkloadTests {
    private static let check = """
          - name: client-failures
            compare:
              failures: client_minutes_failed_total{flag="sse", variant="$variant"}
              exposures: client_minutes_total{flag="sse", variant="$variant"}
              minimumSamples: 20
        """

    @Test("blames streams that fail although their clients go on by polling")
    func blames() throws {
        let stage = try Stage(baking: "10m", checks: [Self.check])
        defer { stage.prometheus.stop() }
        try poll("both variants are counted") {
            let check = try stage.site.report("step", "--quiet").checks?.first
            return check?.cause == "undecided"
        }
        #expect(try stage.site.exposure == 10)
        let polled = pollsOfTreated(stage)
        try stage.server.failStreams(1)
        try poll("the step that sees it rolls back") {
            try stage.site.run("step", "--quiet").status == 10
        }
        // Whoever lost the stream went on by polling, and that succeeded.
        #expect(pollsOfTreated(stage) > polled)
        #expect(stage.server.requests(#"variant="sse""#, #"transport="polling""#, #"status="5"#) == 0)

        let published = try #require(try stage.site.published)
        #expect(!published.enabled)
        let record = try #require(try stage.site.history.last { $0.entry.event == .rolledBack })
        guard case .rolledBack(.breach(let check, let finding)) = record.entry.phase else {
            Issue.record("\(record.entry.phase)")
            return
        }
        #expect(check == "client-failures")
        // The control's clients fare as well as ever.
        let words = /treatment .*control.*, [\d,]+ of [\d,]+ against 0 of [\d,]+; evidence of harm .* needed/
        #expect(finding.wholeMatch(of: words) != nil, "\(finding)")
        #expect(record.entry.reasons.contains { $0.text == "client-failures: \(finding)" })
        try stage.site.expectAgreement()
    }

    /// Lists that clients with the treatment got by polling.
    private func pollsOfTreated(_ stage: Stage) -> Double {
        stage.server.requests(#"variant="sse""#, #"transport="polling""#, #"status="200""#)
    }

    /// Asks until it holds; gives up long after it should.
    private func poll(_ what: String, _ holds: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !holds() {
            try #require(ContinuousClock.now < deadline, "never: \(what)")
            usleep(200_000)
        }
    }
}
