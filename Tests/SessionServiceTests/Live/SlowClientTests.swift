import NIOCore
import NIOHTTP1
import NIOPosix
import SessionService
import Testing
import TidegateTestKit

@Suite("A server with a client that does not read", .ownThreads, .timeLimit(.minutes(1)))
struct SlowClientTests {
    /// The most that may wait for one client, in the process and in the kernel.
    private static let queueBytes = 300 * 1_024

    @Test("serves the others, keeps little for it, and tells it how things are once it reads")
    func dropsToLatest() async throws {
        try await RunningServer.with { settings in
            settings.sessions = 0
            settings.limits.requests = 1_000
        } _: { server in
            // Long, so that a few changes are more than a connection takes unread.
            let word = String(repeating: "x", count: 15 * 1_024)
            let made = try await HTTPExchange.send(
                .POST,
                port: server.port,
                "/api/sessions",
                body: #"{"name": "0", "command": ["\#(word)"]}"#
            )
            let path = try #require(made.headers["Location"].first)
            try await ClientStream.stalled(port: server.port) { slow, read in
                try await server.waitForMetrics(#"sse_active_connections{variant="sse"} 1"#)
                try await ClientStream.with(port: server.port) { stream in
                    var seq = try #require(try await stream.next("snapshot").payload().seq)
                    for number in 1...60 {
                        let body = #"{"name": "\#(number)"}"#
                        _ = try await HTTPExchange.send(.PATCH, port: server.port, path, body: body)
                        let delta = try await stream.next("delta").payload()
                        #expect(delta.prev == seq && delta.ops?.first?.session?.name == "\(number)")
                        seq = try #require(delta.seq)
                    }
                }
                try await read()
                let first = try await slow.next("snapshot")
                #expect(try first.payload().reason == "initial")
                var queued = 0
                var event = try #require(try await slow.next())
                while event.name == "delta" {
                    queued += event.data.utf8.count
                    event = try #require(try await slow.next())
                }
                #expect(queued < Self.queueBytes)
                let list = try event.payload()
                #expect(event.name == "snapshot" && list.reason == "lagged")
                #expect(list.sessions?.map(\.name) == ["60"])
            }
            #expect(try await !server.metrics().contains("sse_coalesced_total{kind=\"lagged\"} 0\n"))
        }
    }

    @Test("says that it was slow, too, where small events wait in the kernel alone")
    func evictsUnacknowledged() async throws {
        try await RunningServer.with { settings in
            settings.churn = 100
            settings.stallLimit = .seconds(1)
        } _: { server in
            try await ClientStream.stalled(port: server.port) { _, _ in
                try await server.waitForMetrics(
                    #"sse_connection_errors_total{reason="slow_evicted"} 1"#,
                    #"sse_disconnects_total{reason="slow"} 1"#,
                    #"sse_disconnects_total{reason="client"} 0"#
                )
            }
        }
    }

    @Test("closes its stream after a while")
    func evicts() async throws {
        try await RunningServer.with { settings in
            settings.sessions = 4_000
            settings.stallLimit = .milliseconds(100)
        } _: { server in
            try await ClientStream.stalled(port: server.port) { _, _ in
                try await server.waitForMetrics(
                    #"sse_connection_errors_total{reason="slow_evicted"} 1"#,
                    #"sse_disconnects_total{reason="slow"} 1"#,
                    #"sse_active_connections{variant="sse"} 0"#,
                    "sse_connection_duration_seconds_count 1"
                )
            }
        }
    }
}
