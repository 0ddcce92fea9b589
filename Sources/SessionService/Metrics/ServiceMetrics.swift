import Assignment
import CoreMetrics
import PrometheusMetrics

/// Everything the service measures, by name.
///
/// No label carries the id of a client or a session: there would be no end of series.
struct ServiceMetrics: Sendable {
    let streams: StreamMetrics
    private let factory: any MetricsFactory
    private let flag: String
    private let names: VariantNames

    init(_ factory: any MetricsFactory, flag: String, names: VariantNames) {
        self.factory = factory
        self.flag = flag
        self.names = names
        streams = StreamMetrics(factory)
        for result in FlagReload.allCases {
            counter("flag_reload_total", [("result", result.rawValue)]).increment(by: 0)
            counter("token_reload_total", [("result", result.rawValue)]).increment(by: 0)
        }
        countRefused(0)
        set(isDraining: false)
    }

    /// A request whose answer is decided.
    struct Answered {
        var route: String
        var method: String
        var status: Int
        /// The variant its client was assigned; nil where it has no name.
        var variant: Variant?
        var transport: Transport
        /// From the request's arrival until its answer was decided; a stream's life is not part of it.
        var duration: Duration
    }

    func count(_ request: Answered) {
        let variant = request.variant.map { names[$0] } ?? "unknown"
        let transport = request.transport.rawValue
        counter(
            "http_requests_total",
            [
                ("route", request.route), ("method", request.method), ("status", "\(request.status)"),
                ("variant", variant), ("transport", transport),
            ]
        ).increment()
        Timer(
            label: "http_request_duration_seconds",
            dimensions: [("variant", variant), ("transport", transport)],
            factory: factory
        ).recordNanoseconds(request.duration.nanoseconds)
    }

    /// A request that was turned away because there were too many.
    func countLimited(route: String) { counter("rate_limited_total", [("route", route)]).increment() }

    /// An answer to a client that asked which transport to use.
    func countAssignment(mode: String, reason: String) {
        counter("rollout_assignments_total", [("mode", mode), ("reason", reason)]).increment()
    }

    /// What a page says it does now, and why.
    func countTransport(mode: String, reason: String) {
        counter("client_transport_total", [("mode", mode), ("reason", reason)]).increment()
    }

    func setStreams(_ count: Int, of variant: Variant) {
        Gauge(label: "sse_active_connections", dimensions: [("variant", names[variant])], factory: factory)
            .record(count)
    }

    /// How many streams are open at most before more are refused.
    func set(streamLimit: Int) {
        Gauge(label: "sse_connections_limit", factory: factory).record(streamLimit)
    }

    /// Whether the process has been asked to end and takes no more streams.
    func set(isDraining: Bool) {
        Gauge(label: "service_draining", factory: factory).record(isDraining ? 1 : 0)
    }

    /// Finished client-minutes, the failed ones among them too.
    func count(_ tally: ClientMinutes.Tally, of variant: Variant) {
        counter("client_minutes_total", labels(variant)).increment(by: tally.total)
        counter("client_minutes_failed_total", labels(variant)).increment(by: tally.failed)
    }

    func setClients(_ count: Int, of variant: Variant) {
        Gauge(label: "session_clients", dimensions: labels(variant), factory: factory).record(count)
    }

    func countRefused(_ count: Int) {
        counter("session_clients_refused_total", []).increment(by: count)
    }

    /// What the flag says now: its exposure, so 0 while it is disabled.
    func set(_ allocation: Allocation) {
        let labels = [("flag", flag)]
        Gauge(label: "rollout_percentage", dimensions: labels, factory: factory)
            .record(allocation.exposure.percent)
        Gauge(label: "rollout_revision", dimensions: labels, factory: factory).record(allocation.revision)
    }

    func count(_ reload: FlagReload) {
        counter("flag_reload_total", [("result", reload.rawValue)]).increment()
    }

    /// What became of a token file that has changed.
    func count(tokens reload: FlagReload) {
        counter("token_reload_total", [("result", reload.rawValue)]).increment()
    }

    private func counter(_ name: String, _ labels: [(String, String)]) -> Counter {
        Counter(label: name, dimensions: labels, factory: factory)
    }

    private func labels(_ variant: Variant) -> [(String, String)] {
        [("flag", flag), ("variant", names[variant])]
    }
}

/// What became of a reading of the flag file.
enum FlagReload: String, CaseIterable {
    case applied
    case rejected
}

/// How a request gets session data.
enum Transport: String {
    case sse
    case polling
    case none
}

/// What the two variants are called in metrics.
package struct VariantNames: Sendable, Hashable {
    package var treatment: String
    package var control: String

    package init(treatment: String = "sse", control: String = "polling") {
        self.treatment = treatment
        self.control = control
    }

    subscript(variant: Variant) -> String {
        switch variant {
        case .treatment: treatment
        case .control: control
        }
    }
}
