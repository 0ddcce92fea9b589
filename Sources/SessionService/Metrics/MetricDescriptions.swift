import PrometheusMetrics

extension ServiceMetrics {
    /// What the metrics page says about each metric.
    static let descriptions = requests + clients + flags + streams

    private static let requests = [
        MetricDescription(
            name: "http_requests_total",
            help:
                "Requests to the API by assigned variant; a stream counts when its response head is decided."
        ),
        MetricDescription(
            name: "http_request_duration_seconds",
            help: "Time until an answer was decided, by assigned variant; for a stream, until its head was.",
            buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
        ),
        MetricDescription(
            name: "rate_limited_total",
            help: "Requests that were answered with 429 because a caller sent too many."
        ),
        MetricDescription(
            name: "service_draining",
            help: "1 from the moment the process is asked to end, else 0."
        ),
        MetricDescription(
            name: "token_reload_total",
            help: "Changes of the token file by what became of them."
        ),
    ]

    private static let clients = [
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
            name: "client_transport_total",
            help: "Times a page said that it changed to another transport, and why."
        ),
    ]

    private static let flags = [
        MetricDescription(
            name: "rollout_percentage",
            help: "Share of clients that get the treatment, in percent; 0 while the flag is disabled."
        ),
        MetricDescription(name: "rollout_revision", help: "Revision of the flag's allocation in force."),
        MetricDescription(
            name: "rollout_assignments_total",
            help: "Answers to clients that asked for their assignment."
        ),
        MetricDescription(
            name: "flag_reload_total",
            help: "Readings of the flag file by what became of them."
        ),
    ]

    private static let streams = [
        MetricDescription(name: "sse_active_connections", help: "Open streams by assigned variant."),
        MetricDescription(
            name: "sse_connections_limit",
            help: "Open streams from which on more are refused."
        ),
        MetricDescription(
            name: "sse_messages_transmitted_total",
            help: "Events written to streams; a broadcast counts once for each stream."
        ),
        MetricDescription(name: "sse_bytes_sent_total", help: "Bytes of events written to streams."),
        MetricDescription(
            name: "sse_connections_total",
            help: "Requests for a stream by what became of them."
        ),
        MetricDescription(name: "sse_disconnects_total", help: "Streams that ended, by reason."),
        MetricDescription(
            name: "sse_connection_errors_total",
            help: "Streams that were refused or broke, by reason."
        ),
        MetricDescription(
            name: "sse_reconnection_attempts_total",
            help: "Streams opened by clients that had one before, by how they were brought up to date."
        ),
        MetricDescription(
            name: "sse_coalesced_total",
            help: "Changes that were put together: within a batch, or because a stream lagged behind."
        ),
        MetricDescription(
            name: "sse_log_entries",
            help: "Changes that are kept for clients that come back."
        ),
        MetricDescription(
            name: "sse_broadcast_seconds",
            help: "Time from a change until the last open stream has it.",
            buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
        ),
        MetricDescription(
            name: "sse_time_to_first_event_seconds",
            help: "Time from the request for a stream until its first event was written.",
            buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
        ),
        MetricDescription(
            name: "sse_connection_duration_seconds",
            help: "How long streams lasted.",
            buckets: [1, 5, 15, 60, 300, 600, 720, 780, 840, 900, 1_800]
        ),
    ]
}
