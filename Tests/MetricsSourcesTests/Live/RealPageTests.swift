import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("A real server's own page")
struct RealPageTests {
    @Test("of Prometheus counts the requests it was sent, exactly")
    func prometheus() throws {
        try PrometheusServer.start().use { server in
            // Its readiness was asked for by the one who waited for it; nobody asks again.
            try count("prometheus_http_requests_total{handler=\"/api/v1/query\"}", on: server.url) { number in
                for _ in 0..<number {
                    #expect(
                        LoopbackHTTP.send(port: server.port, path: "/api/v1/query?query=1")?.status == 200
                    )
                }
            }
        }
    }

    @Test("of VictoriaMetrics counts the requests it was sent, exactly")
    func victoriaMetrics() throws {
        try VictoriaMetricsServer.start().use { server in
            /// The line of the page that says how long the server has run.
            func uptime() -> Substring? {
                let page = LoopbackHTTP.send(port: server.port, path: "/metrics")?.body ?? ""
                return page.split(separator: "\n").first { $0.hasPrefix("vm_app_uptime_seconds") }
            }
            try count("vm_http_requests_total{path=\"/api/v1/query\"}", on: server.url) { number in
                for _ in 0..<number {
                    #expect(
                        LoopbackHTTP.send(port: server.port, path: "/api/v1/query?query=1")?.status == 200
                    )
                }
                // It makes a new page once a second only.
                let shown = uptime()
                try server.program.waitUntil { uptime() != shown }
            }
        }
    }

    /// Counts requests over three intervals: none, some, and others after a tick that could not look.
    private func count(_ selector: String, on url: String, sending send: (Int) throws -> Void) throws {
        let source = ScrapeSource(location: ScrapeLocation(pages: ["\(url)/metrics"]), environment: [:])
        var memory: CounterMemory?
        var seen: [Double?] = []
        for (minute, number) in [0, 0, 7, 12].enumerated() {
            try send(number)
            let through = Timestamp.newYear + .minutes(Int64(minute))
            let question = MetricQuestion(
                check: "requests",
                role: .exposures,
                subject: .count(selector: selector, from: through - .minutes(1), through: through),
                memory: memory
            )
            let answer = try #require(source.answer([question], deadline: .seconds(30)).measurements.first)
            seen.append(answer.outcome.reading?.value)
            memory = answer.counters
        }
        // The series of a path may be born by the first request to it.
        #expect([seen[1] ?? 0, seen[2], seen[3]] == [0, 7, 12])
    }
}
