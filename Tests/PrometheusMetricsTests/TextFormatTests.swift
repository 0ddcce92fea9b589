import CoreMetrics
import PrometheusMetrics
import Testing

@Suite("A page of metrics")
struct TextFormatTests {
    @Test("has the exact text format, sorted by name and labels")
    func exactFormat() {
        let metrics = PrometheusMetrics(descriptions: [
            MetricDescription(name: "http_requests_total", help: "Answered requests."),
            MetricDescription(name: "wait_seconds", help: "Waiting.", buckets: [0.5, 0.1]),
        ])
        let requests = { Counter(label: "http_requests_total", dimensions: $0, factory: metrics) }
        requests([("route", "/b"), ("method", "GET")]).increment(by: 3)
        requests([("route", "/a"), ("method", "GET")]).increment()
        requests([]).increment(by: 0)
        let timer = Timer(label: "wait_seconds", dimensions: [("kind", "x")], factory: metrics)
        timer.recordNanoseconds(100_000_000)
        timer.recordNanoseconds(250_000_000)
        timer.recordNanoseconds(7_000_000_000)
        Gauge(label: "streams", factory: metrics).record(1.5)
        Meter(label: "altitude", factory: metrics).set(-2)

        #expect(
            metrics.ownLines == """
                # TYPE altitude gauge
                altitude -2
                # HELP http_requests_total Answered requests.
                # TYPE http_requests_total counter
                http_requests_total 0
                http_requests_total{method="GET",route="/a"} 1
                http_requests_total{method="GET",route="/b"} 3
                # TYPE streams gauge
                streams 1.5
                # HELP wait_seconds Waiting.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{kind="x",le="0.1"} 1
                wait_seconds_bucket{kind="x",le="0.5"} 2
                wait_seconds_bucket{kind="x",le="+Inf"} 3
                wait_seconds_sum{kind="x"} 7.35
                wait_seconds_count{kind="x"} 3

                """
        )
    }

    @Test("has no series but the process's at first")
    func startsEmpty() {
        #expect(PrometheusMetrics().ownLines == "")
    }

    @Test("escapes label values and help texts")
    func escapes() {
        let metrics = PrometheusMetrics(descriptions: [
            MetricDescription(name: "odd", help: "a \"quoted\" \\ and\ntwo lines")
        ])
        Gauge(label: "odd", dimensions: [("text", "\"\\\n\u{0}é")], factory: metrics).record(1)
        #expect(
            metrics.ownLines == #"""
                # HELP odd a "quoted" \\ and\ntwo lines
                # TYPE odd gauge
                odd{text="\"\\\n\#u{FFFD}é"} 1

                """#
        )
    }

    @Test(
        "makes every metric's name legal",
        arguments: [
            ("http.server.requests", "http_server_requests"), ("a:b", "a:b"), ("9lives", "_9lives"),
            ("", "_"), ("größe in m²", "gr__e_in_m_"), ("e\u{301}", "e_"),
        ]
    )
    func legalMetricNames(label: String, name: String) {
        let metrics = PrometheusMetrics()
        Gauge(label: label, factory: metrics).record(1)
        #expect(metrics.ownLines == "# TYPE \(name) gauge\n\(name) 1\n")
    }

    @Test(
        "makes every label's name legal",
        arguments: [
            ("a.b", "a_b"), ("a:b", "a_b"), ("9", "key_9"), ("", "key_"), ("__name__", "key___name__"),
            ("_x", "_x"), ("le", "le"),
        ]
    )
    func legalLabelNames(dimension: String, name: String) {
        let metrics = PrometheusMetrics()
        Gauge(label: "m", dimensions: [(dimension, "v")], factory: metrics).record(1)
        #expect(metrics.ownLines == "# TYPE m gauge\nm{\(name)=\"v\"} 1\n")
    }

    @Test(
        "writes numbers as Prometheus reads them",
        arguments: [
            (0, "0"), (-0.0, "0"), (0.1, "0.1"), (1e15, "1000000000000000"), (1e300, "1e+300"),
            (.leastNonzeroMagnitude, "5e-324"), (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        ] as [(Double, String)]
    )
    func numbers(value: Double, text: String) {
        let metrics = PrometheusMetrics()
        Gauge(label: "m", factory: metrics).record(value)
        #expect(metrics.ownLines == "# TYPE m gauge\nm \(text)\n")
    }
}
