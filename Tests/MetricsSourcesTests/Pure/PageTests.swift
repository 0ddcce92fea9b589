import HTTPTransport
import Rollout
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("A page")
struct PageTests {
    private static func read(_ text: String, _ format: Exposition.Format = .text) throws(ExpositionError)
        -> Page
    {
        try Page(Array(text.utf8), in: format)
    }

    static func fixture(_ name: String) throws -> [UInt8] {
        try FileContents.read(Golden.fixtures("../Fixtures/pages/\(name)", besides: #filePath))
    }

    @Test(
        "of a real server is read whole",
        arguments: [("prometheus.txt", 295), ("victoriametrics.txt", 600)]
    )
    func recorded(name: String, samples: Int) throws {
        let page = try Page(Self.fixture(name), in: .text)
        #expect(page.samples.count == samples)
        #expect(page.samples.allSatisfy { $0.at == nil && $0.labels["__name__"] != nil })
    }

    @Test("in OpenMetrics is read with types, timestamps, exemplars and names in quotes")
    func openMetrics() throws {
        let page = try Page(Self.fixture("openmetrics.om"), in: .openMetrics)
        #expect(page.samples.count == 18)
        let first = try #require(page.samples.first)
        #expect(first.labels == ["__name__": "http_requests_total", "status": "200", "path": "/a\\b\"c\nd"])
        #expect(first.value == 1_027)
        #expect(first.at == .newYear - .milliseconds(500))
        #expect(page.types["http_requests"] == "counter")
        #expect(page.types["odd.requests"] == "unknown")
        #expect(page.samples.contains { $0.labels == ["__name__": "odd.requests", "kind": "a"] })
        #expect(page.processStart == 1_767_225_500.25)
    }

    @Test("says what can be counted, by the types it gives")
    func types() throws {
        let page = try Page(Self.fixture("openmetrics.om"), in: .openMetrics)
        for name in [
            "http_requests_total", "request_seconds_bucket", "request_seconds_count", "latency_count",
            "odd.requests", "never_seen",
        ] {
            #expect(page.objection(toCounting: name) == nil, "\(name)")
        }
        for name in [
            "http_requests_created", "request_seconds_created", "queue_bucket", "queue_gcount", "queue_gsum",
            "build_info", "mode", "depth",
        ] {
            #expect(page.objection(toCounting: name)?.contains("not a counter") == true, "\(name)")
        }
        let base = "latency is a summary, not a counter; count 'latency_count'"
        #expect(page.objection(toCounting: "latency") == base)
    }

    @Test("in text is read as servers write it")
    func text() throws {
        let page = try Self.read(
            """
            # HELP a_total Some \\ help.
            # TYPE a_total counter
            a_total{ x = "1" , } 5 1767225600000
            a_total{x="\\d+"} +Inf\r

            \ta_total NaN
            # TYPE b gauge
            b -2.5e-3
            # EOF is a comment here

            """
        )
        #expect(page.samples.map(\.labels["x"]) == ["1", "\\d+", nil, nil])
        #expect(page.samples[0].at == .newYear)
        #expect(page.samples[1].value == .infinity)
        #expect(page.samples[2].value.isNaN)
        #expect(page.samples[3].value == -0.0025)
        #expect(page.types == ["a_total": "counter", "b": "gauge"])
        #expect(try Self.read("").samples.isEmpty)
    }

    static let torn: [(String, Exposition.Format, Int?)] = [
        ("a 1\nb 2", .text, nil), ("a 1", .text, nil), ("a 1\n", .openMetrics, nil),
        ("a 1\n# EO", .openMetrics, nil), ("a 1\n# EOF\nb 1\n# EOF\n", .openMetrics, 3),
        ("a 1\na 1\n", .text, 2), ("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 3\n", .text, 2),
        ("a one\n", .text, 1), ("a\n", .text, 1), ("a{x=\"1\" 1\n", .text, 1), ("a{x=\"1} 1\n", .text, 1),
        ("a{x=\"1\",x=\"2\"} 1\n", .text, 1), ("{x=\"1\"} 1\n", .text, 1), ("a 1 soon\n", .text, 1),
        ("a 1 1 1\n", .text, 1), ("a 1 # {}\n", .text, 1), ("<html>\n", .text, 1), ("a 0x10\n", .text, 1),
    ]

    @Test("that is torn or doubled is refused with its line", arguments: torn)
    func refused(text: String, format: Exposition.Format, line: Int?) {
        let error = #expect(throws: ExpositionError.self) { try Self.read(text, format) }
        #expect(error?.line == line, "\(text)")
    }

    @Test("that is cut anywhere is never taken for a smaller one", arguments: [0, 1])
    func cut(form: Int) throws {
        let format: Exposition.Format = form == 0 ? .text : .openMetrics
        let whole = try Self.fixture("openmetrics.om")
        let bytes = format == .text ? Array("a_total 12\nb_total 1234\n".utf8) : whole
        for length in 1..<(bytes.count - 1) where format == .openMetrics || bytes[length - 1] != 0x0a {
            #expect(throws: ExpositionError.self, "\(length)") {
                try Page(Array(bytes.prefix(length)), in: format)
            }
        }
    }

    @Test("knows when its process began, if it says it of one")
    func processStart() throws {
        let name = "process_start_time_seconds"
        #expect(try Self.read("\(name) 1.7e9\n").processStart == 1.7e9)
        #expect(try Self.read("\(name){app=\"x\"} 1.7e9\n").processStart == 1.7e9)
        for text in ["a 1\n", "\(name) NaN\n", "\(name){p=\"1\"} 1\n\(name){p=\"2\"} 1\n"] {
            #expect(try Self.read(text).processStart == nil)
        }
    }
}

@Suite("What a page's server answers")
struct PageVerdictTests {
    private static func verdict(_ status: Int, _ body: String, type: String? = "text/plain") -> Verdict<Page>
    {
        let headers = type.map { [HTTPHeader("Content-Type", $0)] } ?? []
        let response = HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
        return Verdict(.success(response), foreign: ForeignText(secrets: ["hunter2"]))
    }

    @Test(
        "is read by its type, or by its end",
        arguments: [
            ("text/plain; version=0.0.4", "a 1 1000\n"), ("TEXT/PLAIN", "a 1 1000\n"), (nil, "a 1 1000\n"),
            (nil, "a 1 1\n# EOF\n"), ("application/octet-stream", "a 1 1\n# EOF"),
            ("application/openmetrics-text; version=1.0.0", "a 1 1\n# EOF\n"),
        ]
    )
    func formats(type: String?, body: String) {
        let second = Timestamp(millisecondsSinceEpoch: 1_000)
        guard case .answer(let page) = Self.verdict(200, body, type: type) else {
            Issue.record("\(Self.verdict(200, body, type: type))")
            return
        }
        #expect(page.samples == [ExpositionLine(labels: ["__name__": "a"], value: 1, at: second)])
    }

    @Test(
        "is refused as malformed where it is no page",
        arguments: [
            ("text/html", "<html><title>Sign in hunter2</title>"), ("application/json", "{}"),
            ("text/plain", "<html>\n"), ("text/plain", "a 1"), ("application/openmetrics-text", "a 1\n"),
            ("application/vnd.google.protobuf", "\u{1}a"),
        ]
    )
    func malformed(type: String, body: String) {
        guard case .refused(.malformed, let message) = Self.verdict(200, body, type: type) else {
            Issue.record("\(Self.verdict(200, body, type: type))")
            return
        }
        #expect(!message.isEmpty && !message.contains("hunter2"))
    }

    @Test("means what the same status means everywhere")
    func statuses() {
        for status in [401, 403, 302] {
            guard case .refused(.credentials, _) = Self.verdict(status, "no") else {
                Issue.record("\(status)")
                continue
            }
        }
        for status in [400, 404, 405, 410] {
            guard case .refused(.request, _) = Self.verdict(status, "no") else {
                Issue.record("\(status)")
                continue
            }
        }
        for (status, tries) in [(408, 3), (429, 3), (500, 2), (502, 3), (503, 3), (504, 3)] {
            #expect(
                Self.verdict(status, "no") == .again(message: "HTTP \(status): no", tries: tries, after: nil)
            )
        }
    }
}
