import Testing
import TidegateTestKit

@Suite("The recorder")
struct RecordExampleTests {
    private static let script = ExampleFile.repository + "/Scripts/examples/record"

    @Test("records from a real Prometheus what 'plan --recorded' judges")
    func records() throws {
        let site = try Site()
        let url = try Metrics.Make.prometheus.healthy().url
        let path = site.directory.path("recorded.om")
        let recorded = try TidegateCommand([], adding: ["INTERVAL": "0.1", "COUNT": "3"])
            .runLine("\(Self.script) \(url) 'http_requests_total{service=\"web\"}' >\(path)")
        #expect(recorded.status == 0, "\(recorded)")
        let report = try site.report("plan", "--recorded", path)
        #expect(report.decision == "notStarted")
        #expect(report.checks?.map(\.name) == ["server-errors"])
        #expect(report.problems == [])
    }

    @Test("says how it is called")
    func usage() throws {
        let outcome = try TidegateCommand([]).runLine("\(Self.script) http://127.0.0.1:9090")
        #expect(outcome.status == 64)
        #expect(outcome.errors.hasPrefix("error: "))
    }
}
