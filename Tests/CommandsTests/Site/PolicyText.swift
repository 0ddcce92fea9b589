/// A policy file as an operator writes it; tests change what they are about.
struct PolicyText {
    var flag = "sse"
    var interval = "60s"
    var steps: [(percentage: String, bake: String)] = [("10", "60s"), ("50", "60s"), ("100", "60s")]
    var url: String
    /// More keys of the metrics server, such as `timeout: 1s`.
    var metricsKeys = "lag: 0s"
    /// Pages to read instead of asking the server.
    var pages: [String] = []
    var checks = [Self.ceiling(service: "web")]
    /// Whole lines at the end.
    var more = ""
    /// More keys of the flag file.
    var fileKeys = "format: json, settle: 0s"
    var publishedPath = "flags/flags.json"

    static func ceiling(service: String) -> String {
        """
          - name: server-errors
            ceiling: 1%
            failures: http_requests_total{service="\(service)", status=~"5.."}
            exposures: http_requests_total{service="\(service)"}
        """
    }

    static let comparison = """
          - name: failures
            compare:
              failures: failed_total{variant="$variant"}
              exposures: requests_total{variant="$variant"}
        """

    static func query(_ expression: String, max: String = "10") -> String {
        """
          - name: queue
            query: '\(expression)'
            max: \(max)
        """
    }

    static func split(_ measure: String) -> String {
        """
          - name: split
            split: {\(measure)}
        """
    }

    /// Failed client minutes of the treatment against the control's.
    static func compare(service: String) -> String {
        """
          - name: client-failures
            compare:
              failures: client_minutes_failed_total{service="\(service)", variant="$variant"}
              exposures: client_minutes_total{service="\(service)", variant="$variant"}
        """
    }

    /// A split by a gauge of clients.
    static func split(service: String) -> String {
        split("clients: 'session_clients{service=\"\(service)\", variant=\"$variant\"}'")
    }

    private var metrics: String {
        pages.isEmpty
            ? "prometheus: {url: '\(url)', \(metricsKeys)}"
            : "scrape: [\(pages.map { "'\($0)'" }.joined(separator: ", "))]"
    }

    var text: String {
        """
        flag: \(flag)
        variants: {treatment: sse, control: polling}
        state: {sqlite: state/tidegate.sqlite}
        interval: \(interval)
        steps:
        \(steps.map { "  - {percentage: \($0.percentage), bake: \($0.bake)}" }.joined(separator: "\n"))
        metrics:
          \(metrics)
        checks:
        \(checks.joined(separator: "\n"))
        publish:
          - file: {path: \(publishedPath), \(fileKeys)}
        \(more)

        """
    }
}
