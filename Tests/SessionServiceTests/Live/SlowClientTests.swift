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
            // A list longer than what a connection takes unread.
            settings.sessions = 2_000
            settings.churn = 1_000
        } _: { server in
            try await ClientStream.stalled(port: server.port) { slow, read in
                try await ClientStream.with(port: server.port) { stream in
                    var seq = try #require(try await stream.next("snapshot").payload().seq)
                    for _ in 0..<60 {
                        let delta = try await stream.next("delta").payload()
                        #expect(delta.prev == seq)
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
                #expect(try await slow.next("delta").payload().prev == list.seq)
            }
            let page = try await server.metrics()
            #expect(!page.contains("sse_coalesced_total{kind=\"lagged\"} 0\n"))
            #expect(!page.contains("sse_coalesced_total{kind=\"batch\"} 0\n"))
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
