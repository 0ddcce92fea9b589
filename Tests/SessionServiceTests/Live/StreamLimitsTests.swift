import NIOCore
import NIOHTTP1
import NIOPosix
import SessionService
import Testing
import TidegateTestKit

@Suite("A server with limits for streams", .ownThreads, .timeLimit(.minutes(1)))
struct StreamLimitsTests {
    private static let path = "/api/sse/sessions?client=\(RunningServer.insider)"

    private func refused(_ server: RunningServer) async throws -> HTTPExchange {
        try await HTTPExchange.send(port: server.port, Self.path)
    }

    private func wait(_ exchange: HTTPExchange) -> Int {
        exchange.headers["Retry-After"].first.flatMap { Int($0) } ?? -1
    }

    @Test("has room for so many, and again when one has gone")
    func boundsAll() async throws {
        try await RunningServer.with { settings in
            settings.limits.streams = 1
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                let answer = try await refused(server)
                #expect(answer.status == 503)
                #expect(answer.headers["Content-Type"] == ["application/problem+json"])
                #expect((1...10).contains(wait(answer)))
                try await server.waitForMetrics(
                    #"sse_connection_errors_total{reason="limit_global"} 1"#,
                    #"sse_connections_total{result="limited"} 1"#,
                    #"sse_connections_total{result="opened"} 1"#
                )
                #expect(try await !server.metrics().contains("\nrate_limited_total{"))
            }
            try await server.waitForMetrics(#"sse_disconnects_total{reason="client"} 1"#)
            try await eventually("room for another") {
                try await ClientStream.with(port: server.port) { $0.status == 200 }
            }
        }
    }

    @Test("gives one caller only some of them")
    func boundsCaller() async throws {
        try await RunningServer.with { settings in
            settings.limits.streamsPerCaller = 1
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                let answer = try await refused(server)
                #expect(answer.status == 429)
                #expect((1...10).contains(wait(answer)))
                try await server.waitForMetrics(
                    #"sse_connection_errors_total{reason="limit_client"} 1"#,
                    #"rate_limited_total{route="/api/sse/sessions"} 1"#
                )
            }
        }
    }

    @Test("says when a caller that opens them too often may do so again")
    func boundsCallerRate() async throws {
        try await RunningServer.with { settings in
            settings.limits.streamOpenings = 1
            settings.limits.window = .seconds(3_600)
        } _: { server in
            try await ClientStream.with(port: server.port) { _ = try await $0.next("snapshot") }
            let answer = try await refused(server)
            #expect(answer.status == 429)
            #expect((3_500...3_600).contains(wait(answer)))
            try await server.waitForMetrics(#"sse_connection_errors_total{reason="connect_rate"} 1"#)
        }
    }

    @Test("takes nothing for a head, a fault, or a client outside the flag")
    func takesNothing() async throws {
        try await RunningServer.with(percentage: 50) { settings in
            settings.limits.streamOpenings = 1
            settings.faults = FaultRatios(sse: 1)
        } _: { server in
            let head = try await HTTPExchange.head(port: server.port, Self.path)
            #expect(head.status == 200)
            #expect(head.headers["Content-Type"] == ["text/event-stream"])
            #expect(try await refused(server).status == 500)
            let outside = "/api/sse/sessions?client=\(RunningServer.outsider)"
            let answer = try await HTTPExchange.send(port: server.port, outside)
            #expect(answer.status == 204 && answer.headers["Cache-Control"] == ["no-store"])
            _ = try await HTTPExchange.send(.PUT, port: server.port, "/api/faults", body: #"{"sse": 0}"#)
            try await ClientStream.with(port: server.port) { #expect($0.status == 200) }
            try await server.waitForMetrics(
                #"sse_connections_total{result="fault"} 1"#,
                #"sse_connections_total{result="outside"} 1"#,
                #"sse_connections_total{result="opened"} 1"#
            )
        }
    }

    @Test("gives room back that a client never used")
    func recoversPlaces() async throws {
        try await RunningServer.with { settings in
            settings.limits.streams = 2
            settings.limits.streamOpenings = 1_000
        } _: { server in
            for _ in 0..<20 { try await HTTPExchange.abandon(port: server.port, Self.path) }
            try await eventually("room for two") {
                try await ClientStream.with(port: server.port) { first in
                    guard first.status == 200 else { return false }
                    return try await ClientStream.with(port: server.port) { $0.status == 200 }
                }
            }
        }
    }
}

extension HTTPExchange {
    /// Asks for the head alone; what came after it would be an answer to the next request.
    static func head(port: Int, _ path: String) async throws -> HTTPExchange {
        try await connect(port: port).executeThenClose { inbound, outbound in
            try await write(request: .HEAD, path, to: outbound)
            try await write(request: .GET, "/healthz", to: outbound)
            var heads: [HTTPResponseHead] = []
            for try await part in inbound {
                if case .head(let head) = part { heads.append(head) }
                if heads.count == 2, case .end = part { break }
            }
            #expect(heads.last?.status == .ok)
            guard let head = heads.first else { throw Cut() }
            return HTTPExchange(status: Int(head.status.code), headers: head.headers, body: "")
        }
    }

    /// Asks and hangs up at once.
    static func abandon(port: Int, _ path: String) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
        let request = ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        try await channel.writeAndFlush(request).get()
        try await channel.close().get()
    }
}
