import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("A server's metrics page", .ownThreads, .timeLimit(.minutes(1)))
struct MetricsPageTests {
    @Test("has both variants from the start")
    func hasBothVariants() async throws {
        try await RunningServer.with(percentage: 50) { settings in
            settings.names = VariantNames(treatment: "new", control: "old")
        } _: { server in
            let answer = try await HTTPExchange.send(port: server.port, "/metrics")
            #expect(answer.headers["Content-Type"] == ["text/plain; version=0.0.4; charset=utf-8"])
            let lines = Set(answer.body.split(separator: "\n").map(String.init))
            for variant in ["new", "old"] {
                #expect(
                    lines.isSuperset(of: [
                        #"client_minutes_total{flag="sse",variant="\#(variant)"} 0"#,
                        #"client_minutes_failed_total{flag="sse",variant="\#(variant)"} 0"#,
                        #"session_clients{flag="sse",variant="\#(variant)"} 0"#,
                        #"sse_active_connections{variant="\#(variant)"} 0"#,
                    ])
                )
            }
            #expect(lines.contains(#"flag_reload_total{result="rejected"} 0"#))
            #expect(lines.contains("sse_broadcast_seconds_count 0"))
            for name in ["process_start_time_seconds", "process_resident_memory_bytes", "process_open_fds"] {
                #expect(lines.contains { $0.hasPrefix("\(name) ") }, "\(name)")
            }
        }
    }

    @Test("counts requests by who was assigned what, and by how they were made")
    func countsRequests() async throws {
        try await RunningServer.with(percentage: 50) { server in
            for path in [
                "/api/sessions?client=\(RunningServer.insider)",
                "/api/sessions?client=\(RunningServer.outsider)",
                "/api/sessions", "/api/sse/sessions?client=\(RunningServer.outsider)", "/api/nix?client=a%20",
                "/healthz",
            ] {
                _ = try await HTTPExchange.send(port: server.port, path)
            }
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                func count(_ route: String, _ status: Int, _ transport: String, _ variant: String) -> String {
                    let labels = #"method="GET",route="\#(route)",status="\#(status)""#
                    return
                        #"http_requests_total{\#(labels),transport="\#(transport)",variant="\#(variant)"} 1"#
                }
                try await server.waitForMetrics(
                    count("/api/sessions", 200, "polling", "sse"),
                    count("/api/sessions", 200, "polling", "polling"),
                    count("/api/sessions", 200, "polling", "unknown"),
                    count("/api/sse/sessions", 204, "sse", "polling"),
                    count("/api/sse/sessions", 200, "sse", "sse"),
                    count("unmatched", 400, "none", "unknown")
                )
            }
            #expect(try await !server.metrics().contains("/healthz"))
        }
    }

    @Test("counts minutes of clients that stream, poll, report failures, or have no name")
    func countsMinutes() async throws {
        try await RunningServer.with(percentage: 50) { settings in
            settings.clientMinute = .milliseconds(300)
        } _: { server in
            _ = try await HTTPExchange.send(port: server.port, "/api/sessions")
            _ = try await HTTPExchange.send(port: server.port, "/api/assignment")
            let report = try await HTTPExchange.send(
                .POST,
                port: server.port,
                "/api/client-reports?client=\(RunningServer.outsider)",
                body: #"{"failed": true}"#
            )
            #expect(report.status == 204)
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                try await server.waitForMetric(
                    #"client_minutes_total{flag="sse",variant="sse"}"#,
                    atLeast: 3
                )
            }
            try await server.waitForMetrics(
                #"client_minutes_total{flag="sse",variant="polling"} 1"#,
                #"client_minutes_failed_total{flag="sse",variant="polling"} 1"#,
                #"client_minutes_failed_total{flag="sse",variant="sse"} 0"#
            )
        }
    }
}
