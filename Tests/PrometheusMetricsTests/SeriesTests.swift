import CoreMetrics
import PrometheusMetrics
import Testing
import TidegateTestKit

@Suite("A series")
struct SeriesTests {
    private let metrics = PrometheusMetrics()

    @Test("is the same for the same dimensions in any order")
    func orderOfDimensions() {
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: metrics).increment()
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: metrics).increment()
        #expect(metrics.ownLines == "# TYPE c counter\nc{a=\"1\",b=\"2\"} 2\n")
    }

    @Test("is the same with an empty label and without one, as for Prometheus")
    func emptyLabel() {
        Counter(label: "c", dimensions: [("a", "")], factory: metrics).increment()
        Counter(label: "c", factory: metrics).increment()
        #expect(metrics.ownLines == "# TYPE c counter\nc 2\n")
    }

    @Test("keeps both values of dimensions whose legal names are the same")
    func joinedValues() {
        let dimensions = [("a.b", "x"), ("c", "y"), ("a-b", "z")]
        Counter(label: "c", dimensions: dimensions, factory: metrics).increment()
        #expect(metrics.value(of: #"c{a_b="z;x",c="y"}"#) == 1)
    }

    @Test("is another one for other bytes, even where Swift calls the texts equal")
    func comparesBytes() {
        Counter(label: "c", dimensions: [("a", "\u{e9}")], factory: metrics).increment()
        Counter(label: "c", dimensions: [("a", "e\u{301}")], factory: metrics).increment()
        #expect(metrics.ownLines.split(separator: "\n").count == 3)
    }

    @Test("of a histogram leaves `le` to the buckets")
    func bucketLabel() {
        Recorder(label: "h", dimensions: [("le", "x")], factory: metrics).record(1)
        #expect(metrics.value(of: #"h_count{exported_le="x"}"#) == 1)
    }

    @Test("counts whole numbers and fractions together, and never falls")
    func counting() {
        let whole = Counter(label: "c", factory: metrics)
        let fractional = FloatingPointCounter(label: "c", factory: metrics)
        whole.increment(by: 3)
        whole.increment(by: -1)
        fractional.increment(by: 0.25)
        for ignored in [-1, Double.nan, .infinity, -.infinity] { fractional.increment(by: ignored) }
        #expect(metrics.value(of: "c") == 3.25)
        whole.increment(by: Int64.max)
        whole.increment(by: Int64.max)
        whole.increment(by: Int64.max)
        #expect(metrics.value(of: "c") == 3 * 0x1p63)
        whole.reset()
        #expect(metrics.value(of: "c") == 0)
    }

    @Test("of a gauge shows the last value, whatever it is, and goes up and down")
    func gauge() {
        let meter = Meter(label: "g", factory: metrics)
        meter.set(10)
        meter.increment(by: 2.5)
        meter.decrement(by: 4)
        for ignored in [-1, Double.nan, .infinity] {
            meter.increment(by: ignored)
            meter.decrement(by: ignored)
        }
        #expect(metrics.value(of: "g") == 8.5)
        Gauge(label: "g", factory: metrics).record(Double.infinity)
        #expect(metrics.value(of: "g") == .infinity)
    }

    @Test("of a histogram counts its bounds in, and ignores what is not finite")
    func bounds() {
        let described = PrometheusMetrics(descriptions: [
            MetricDescription(name: "h", help: "", buckets: [2, 1, 2, .infinity, .nan])
        ])
        let recorder = Recorder(label: "h", factory: described)
        for value in [-1, 1, 1.5, 2, 3, .nan, .infinity, -.infinity] { recorder.record(value) }
        #expect(
            described.ownLines == """
                # TYPE h histogram
                h_bucket{le="1"} 2
                h_bucket{le="2"} 4
                h_bucket{le="+Inf"} 5
                h_sum 6.5
                h_count 5

                """
        )
    }

    @Test("of a timer counts a negative duration as none")
    func negativeDuration() {
        let timer = Timer(label: "t", factory: metrics)
        timer.recordNanoseconds(-5)
        timer.recordNanoseconds(2_000_000)
        #expect(metrics.value(of: #"t_bucket{le="0.001"}"#) == 1)
        #expect(metrics.value(of: #"t_bucket{le="0.0025"}"#) == 2)
        #expect(metrics.value(of: "t_sum") == 0.002)
    }

    @Test("vanishes when it is destroyed, and begins anew when it is made again")
    func destroying() {
        let first = Counter(label: "c", factory: metrics)
        first.increment()
        Counter(label: "c", dimensions: [("a", "b")], factory: metrics).increment()
        first.destroy()
        #expect(metrics.ownLines == "# TYPE c counter\nc{a=\"b\"} 1\n")
        Counter(label: "c", factory: metrics).increment(by: 5)
        #expect(metrics.value(of: "c") == 5)
        first.destroy()
        #expect(metrics.value(of: "c") == 5, "a later series is not the first one's to remove")
    }

    @Test("of any kind can be destroyed, and frees its name for another type")
    func destroyingAll() {
        Timer(label: "m", factory: metrics).destroy()
        Recorder(label: "m_sum", factory: metrics).destroy()
        Meter(label: "m", factory: metrics).destroy()
        FloatingPointCounter(label: "m", factory: metrics).destroy()
        #expect(metrics.ownLines == "")
        Gauge(label: "m", factory: metrics).record(1)
        #expect(metrics.ownLines == "# TYPE m gauge\nm 1\n")
    }

    @Test("is refused a name that another type has, and the page says so")
    func conflicts() {
        Counter(label: "m", factory: metrics).increment()
        Gauge(label: "m", factory: metrics).record(7)
        Timer(label: "t", factory: metrics).recordNanoseconds(1)
        Counter(label: "t_count", factory: metrics).increment()
        Counter(label: "process_open_fds", factory: metrics).increment()
        #expect(metrics.value(of: "m") == 1)
        #expect(metrics.value(of: "t_count") == 1)
        #expect(metrics.value(of: #"metrics_refused_total{name="m",type="gauge"}"#) == 1)
        #expect(metrics.value(of: #"metrics_refused_total{name="t_count",type="counter"}"#) == 1)
        #expect(metrics.value(of: #"metrics_refused_total{name="process_open_fds",type="counter"}"#) == 1)
        Gauge(label: "metrics_refused_total", factory: metrics).record(1)
        #expect(metrics.text.split(separator: "\n").filter { $0.hasPrefix("metrics_refused") }.count == 3)
    }
}
