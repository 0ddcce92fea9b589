import PrometheusMetrics

extension ServiceMetrics {
    /// What the metrics page says about each metric.
    static let descriptions = [
        MetricDescription(
            name: "http_requests_total",
            help:
                "Requests to the API by assigned variant; a stream counts when its response head is decided."
        ),
        MetricDescription(name: "sse_active_connections", help: "Open streams by assigned variant."),
        MetricDescription(
            name: "sse_broadcast_seconds",
            help: "Time from a change until the last open stream has it.",
            buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
        ),
        MetricDescription(
            name: "client_minutes_total",
            help: "Minutes in which a client was there, by the variant it was assigned throughout."
        ),
        MetricDescription(
            name: "client_minutes_failed_total",
            help: "Those of client_minutes_total in which something failed for the client."
        ),
        MetricDescription(
            name: "session_clients",
            help: "Distinct clients seen within the last two client-minutes, by assigned variant."
        ),
        MetricDescription(
            name: "session_clients_refused_total",
            help: "Times a client was not counted because too many are followed already."
        ),
        MetricDescription(
            name: "rollout_percentage",
            help: "Share of clients that get the treatment, in percent; 0 while the flag is disabled."
        ),
        MetricDescription(name: "rollout_revision", help: "Revision of the flag's allocation in force."),
        MetricDescription(
            name: "flag_reload_total",
            help: "Readings of the flag file by what became of them."
        ),
    ]
}
