import CoreMetrics
import FoundationEssentials
import PrometheusMetrics
import Testing
import TidegateTestKit

@Suite("Prometheus itself")
struct PrometheusTests {
    /// One of everything, with the oddest texts.
    private static func filled() -> PrometheusMetrics {
        let metrics = PrometheusMetrics(descriptions: [
            MetricDescription(name: "http_requests_total", help: "Requests, \"quoted\" \\ and\nbroken."),
            MetricDescription(name: "temperature_celsius", help: "A gauge."),
            MetricDescription(name: "sse_broadcast_seconds", help: "A timer."),
            MetricDescription(name: "body_bytes", help: "Sizes.", buckets: [100, 1_000]),
        ])
        let odd = "a\"b\\c\nd\u{0}e\u{7f}é🌊"
        for dimensions in [[("path", odd)], [("__name__", "x"), ("9", "y"), ("path.", "z")], []] {
            Counter(label: "http_requests_total", dimensions: dimensions, factory: metrics).increment(by: 7)
        }
        for (kind, value) in [("none", Double.nan), ("high", .infinity), ("low", -.infinity)] {
            Gauge(label: "temperature_celsius", dimensions: [("kind", kind)], factory: metrics).record(value)
        }
        Timer(label: "sse_broadcast_seconds", dimensions: [("le", "x")], factory: metrics)
            .recordNanoseconds(30_000_000)
        Recorder(label: "body_bytes", factory: metrics).record(1e300)
        return metrics
    }

    @Test("scrapes the page without complaint and reads the values that were recorded")
    func scrapes() throws {
        let metrics = Self.filled()
        let page = try PageServer { metrics.page() }
        let options = PrometheusServer.Options.with { $0.scrapeTargets = ["127.0.0.1:\(page.port)"] }
        try PrometheusServer.start(options: options).use { server in
            var targets = ""
            try server.program.waitUntil {
                targets = LoopbackHTTP.send(port: server.port, path: "/api/v1/targets")?.body ?? ""
                return targets.contains(#""health":"up""#) || targets.contains(#""health":"down""#)
            }
            #expect(targets.contains(#""health":"up""#) && targets.contains(#""lastError":"""#), "\(targets)")
            for (query, value) in [
                (#"sum(http_requests_total)"#, "21"),
                (#"count(http_requests_total{path="a\"b\\c\nd\ufffde\u007fé🌊"})"#, "1"),
                (#"temperature_celsius{kind="none"}"#, "NaN"),
                (#"temperature_celsius{kind="low"}"#, "-Inf"),
                (#"sse_broadcast_seconds_bucket{exported_le="x",le="0.05"}"#, "1"),
                (#"sse_broadcast_seconds_bucket{exported_le="x",le="0.025"}"#, "0"),
                (#"body_bytes_sum"#, "1e+300"),
                // Every sample of the page and the five that a scrape adds.
                (#"count({job="web"})"#, "\(Self.samples(of: metrics) + 5)"),
            ] {
                let answer = try Self.ask(query, server)
                #expect(answer.hasSuffix("\"\(value)\"]}]}}"), "\(query): \(answer)")
            }
        }
    }

    @Test("finds nothing to object to in the page, nor in its names")
    func checksMetrics() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("page.txt")
        try Data(Self.filled().page()).write(to: URL(filePath: path))
        // Its exit status is 1 for a page that cannot be read and 3 for one that breaks a convention.
        try ProgramLaunch.run(["sh", "-c", "promtool check metrics < page.txt"], in: directory.path)
    }

    private static func samples(of metrics: PrometheusMetrics) -> Int {
        metrics.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.count
    }

    /// The body of the answer to a query; asked again while a first scrape is still being stored.
    private static func ask(_ query: String, _ server: PrometheusServer) throws -> String {
        var form = "query="
        for byte in query.utf8 {
            let hex = String(byte, radix: 16, uppercase: true)
            form += byte < 16 ? "%0\(hex)" : "%\(hex)"
        }
        var body = ""
        try server.program.waitUntil {
            body =
                LoopbackHTTP.send(
                    "POST",
                    port: server.port,
                    path: "/api/v1/query",
                    headers: ["Content-Type": "application/x-www-form-urlencoded"],
                    body: Array(form.utf8)
                )?.body ?? ""
            return body.contains(#""value":"#) || body.contains("error")
        }
        return body
    }
}
