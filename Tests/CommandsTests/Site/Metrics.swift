import Glibc
import Rollout
import TidegateTestKit

/// The metrics servers that all tests of the program share, filled from twenty minutes ago to thirty from now.
///
/// Samples ahead of time spare a live writer: a tick asks about its own moment and finds it answered.
enum Metrics {
    /// A real server of some make, over ``healthy`` or ``odd`` history.
    enum Make: String, CaseIterable, CustomStringConvertible {
        case prometheus = "Prometheus"
        case victoriaMetrics = "VictoriaMetrics"

        var description: String { rawValue }

        func healthy() throws -> any StartedServer {
            switch self {
            case .prometheus: try Metrics.prometheus.get()
            case .victoriaMetrics: try Metrics.victoriaMetrics.get()
            }
        }

        func odd() throws -> any StartedServer {
            switch self {
            case .prometheus: try Metrics.oddPrometheus.get()
            case .victoriaMetrics: try Metrics.oddVictoriaMetrics.get()
            }
        }
    }

    private static let prometheus = Result { try PrometheusServer.start(healthy) }
    private static let victoriaMetrics = Result { try VictoriaMetricsServer.start(healthy) }
    private static let oddPrometheus = Result { try PrometheusServer.start(odd) }
    private static let oddVictoriaMetrics = Result { try VictoriaMetricsServer.start(odd) }

    /// Healthy history, and every answer comes with a warning that part of the data is missing.
    static let partial = Result {
        try PrometheusServer.start(healthy, options: .with { $0.deadRemoteRead = true })
    }

    /// A service with 200 requests a second of which one in a thousand fails, one that has never failed, and a
    /// few gauges.
    static let healthy: MetricsHistory = {
        var history = empty
        history.requests(failing: 0.2)
        history.counter("http_requests_total", ["service": "flawless", "status": "200"], perSecond: 200)
        history.counter("http_requests_total", ["service": "split", "status": "200"], perSecond: 180)
        history.counter("http_requests_total", ["service": "split", "status": "500"], perSecond: 0)
        history.clients(of: "fits", treated: 1_000, control: 9_000)
        history.clients(of: "thirty", treated: 3_000, control: 7_000)
        for gauge in ["steady", "gone", "nan", "infinite", "several", "silent"] {
            history.gauge("queue_depth", ["queue": gauge], value: 1)
        }
        return history
    }()

    /// The same selectors, each answered in another way that must not advance anything.
    static let odd: MetricsHistory = {
        var history = empty
        history.requests(failing: 20)
        history.counter("http_requests_total", ["service": "split", "status": "200"], perSecond: 180)
        history.counter("http_requests_total", ["service": "split", "status": "500"], perSecond: 0)
        history.counter("http_requests_total", ["service": "split", "status": "503"], perSecond: 20)
        history.gauge("queue_depth", ["queue": "steady"], value: 1)
        history.gauge("queue_depth", ["queue": "nan"], value: .nan)
        history.gauge("queue_depth", ["queue": "infinite"], value: .infinity)
        history.gauge("queue_depth", ["queue": "several", "shard": "a"], value: 1)
        history.gauge("queue_depth", ["queue": "several", "shard": "b"], value: 99)
        history.gauge("queue_depth", ["queue": "silent"], value: 1, silentFor: .minutes(33))
        return history
    }()

    private static var empty: MetricsHistory {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let now = Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1_000)
        return MetricsHistory(endingAt: now + .minutes(30), length: .minutes(50), interval: .seconds(1))
    }
}

extension MetricsHistory {
    /// So many clients of each variant, as a gauge and as a counter that each of them raises once a minute.
    fileprivate mutating func clients(of service: String, treated: Double, control: Double) {
        for (variant, count) in [("sse", treated), ("polling", control)] {
            let labels = ["service": service, "variant": variant]
            gauge("session_clients", labels, value: count)
            counter("client_minutes_total", labels, perSecond: count / 60)
            counter("client_minutes_failed_total", labels, perSecond: count / 60 / 200)
        }
    }

    /// 200 requests a second of the service `web`, of which `failing` a second fail.
    fileprivate mutating func requests(failing: Double) {
        counter("http_requests_total", ["service": "web", "status": "200"], perSecond: 200 - failing)
        counter("http_requests_total", ["service": "web", "status": "503"], perSecond: failing)
    }
}
