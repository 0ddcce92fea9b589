import NIOCore
import NIOHTTP1
import NIOPosix
import SessionService
import Testing
import TidegateTestKit

@Suite("A server's doors", .ownThreads, .timeLimit(.minutes(1)))
struct PathTests {
    @Test(
        "are not passed by a path that is written otherwise",
        arguments: [
            "//api/sessions", "/api//sessions", "/api/sessions/", "///api/sse/sessions", "/api/sse/sessions/",
            "//api/tickets", "/api/tickets/", "//api/client-reports", "//metrics",
        ]
    )
    func refuses(path: String) async throws {
        let directory = try TemporaryDirectory()
        try FileContents.write("ops \(TokenTableTests.secret)\n".utf8, to: directory.path("tokens"))
        try await RunningServer.with { settings in
            settings.tokensPath = directory.path("tokens")
        } _: { server in
            for method in [HTTPMethod.GET, .HEAD, .POST, .DELETE] {
                let client = "\(path)?client=\(RunningServer.insider)"
                let body = #"{"command": ["sh"]}"#
                let answer = try await HTTPExchange.send(method, port: server.port, client, body: body)
                #expect(answer.status == 404, "\(method)")
            }
        }
    }

    @Test("close on a connection that asks for nothing, and on half a request")
    func closesIdle() async throws {
        try await RunningServer.with { settings in
            settings.idleLimit = .milliseconds(100)
            settings.pingInterval = .milliseconds(150)
        } _: { server in
            for text in ["", "GET /api/sess"] {
                let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: server.port).get()
                // It may be closed already.
                try? await channel.writeAndFlush(ByteBuffer(string: text))
                try await channel.closeFuture.get()
            }
            // A stream is an answer under way, however long its client sends nothing.
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                for _ in 1...4 { _ = try await stream.next("ping") }
            }
        }
    }
}
