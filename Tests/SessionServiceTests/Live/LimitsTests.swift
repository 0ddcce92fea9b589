import Glibc
import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("A server's limits", .ownThreads, .timeLimit(.minutes(1)))
struct LimitsTests {
    private static let polls = "/api/sessions?client=\(RunningServer.outsider)"

    /// A server behind a proxy that is trusted, with folders to browse.
    private func with(
        _ change: (inout ServiceSettings) -> Void = { _ in },
        _ body: @Sendable (RunningServer) async throws -> Void
    ) async throws {
        let folders = try TemporaryDirectory()
        try await RunningServer.with(percentage: 50) { settings in
            settings.trustedProxies = ["127.0.0.1"]
            settings.browsedFolder = folders.path
            change(&settings)
        } _: { server in
            try await body(server)
        }
    }

    private func get(_ path: String, from address: String, of server: RunningServer) async throws
        -> HTTPExchange
    {
        try await HTTPExchange.send(port: server.port, path, headers: ["X-Forwarded-For": address])
    }

    @Test("let a client that polls browse 40 folders a minute, and no more")
    func boundsPolling() async throws {
        try await with { server in
            for number in 1...60 {
                let poll = try await get(Self.polls, from: "10.0.0.1", of: server)
                #expect(poll.status == 200, "poll \(number)")
            }
            for number in 1...40 {
                let folder = try await get("/api/folders", from: "10.0.0.1", of: server)
                #expect(folder.status == 200, "folder \(number)")
            }
            let last = try await get("/api/folders", from: "10.0.0.1", of: server)
            #expect(last.status == 429)
            #expect(last.headers["Content-Type"] == ["application/problem+json"])
            let wait = try #require(last.headers["Retry-After"].first.flatMap { Int($0) })
            #expect((1...60).contains(wait))
            try await server.waitForMetrics(#"rate_limited_total{route="/api/folders"} 1"#)
            #expect(try await get("/api/folders", from: "10.0.0.2", of: server).status == 200)
            for path in ["/healthz", "/readyz", "/metrics"] {
                #expect(try await get(path, from: "10.0.0.1", of: server).status == 200)
            }
            // Has a measure of its own.
            #expect(try await get("/api/assignment?client=a", from: "10.0.0.1", of: server).status == 200)
        }
    }

    @Test("leave a client with a stream all its requests, and its stream alone")
    func sparesStreams() async throws {
        try await with { settings in
            settings.limits.requests = 42
        } _: { server in
            let address: HTTPHeaders = ["X-Forwarded-For": "10.0.0.1"]
            try await ClientStream.with(port: server.port, headers: address) { stream in
                _ = try await stream.next("snapshot")
                for number in 1...41 {
                    let folder = try await get("/api/folders", from: "10.0.0.1", of: server)
                    #expect(folder.status == 200, "folder \(number)")
                }
                let create = #"{"command": ["htop"]}"#
                let path = "/api/sessions"
                for status in [201, 429] {
                    let answer = try await HTTPExchange.send(
                        .POST,
                        port: server.port,
                        path,
                        headers: address,
                        body: create
                    )
                    #expect(answer.status == status)
                }
                #expect(try await stream.next("delta").payload().ops?.first?.op == "upsert")
            }
        }
    }

    @Test("are the peer's where its proxy is not trusted")
    func ignoresForgedAddresses() async throws {
        try await RunningServer.with { settings in
            settings.limits.requests = 2
        } _: { server in
            for (number, status) in [(1, 200), (2, 200), (3, 429)] {
                let answer = try await get(Self.polls, from: "10.0.0.\(number)", of: server)
                #expect(answer.status == status)
            }
        }
    }

    @Test("bound questions for the assignment, and let go when the window has passed")
    func boundsAssignments() async throws {
        try await with { settings in
            settings.limits.assignments = 2
            settings.limits.window = .milliseconds(300)
        } _: { server in
            let path = "/api/assignment?client=a"
            try await eventually("a refusal") {
                try await get(path, from: "10.0.0.1", of: server).status == 429
            }
            try await eventually("an answer again") {
                try await get(path, from: "10.0.0.1", of: server).status == 200
            }
        }
    }

    @Test("count against the client's minute when they strike")
    func countsFailure() async throws {
        try await with { settings in
            settings.limits.requests = 1
            // A client is forgotten after two.
            settings.clientMinute = .seconds(5)
        } _: { server in
            for status in [200, 429] {
                #expect(try await get(Self.polls, from: "10.0.0.1", of: server).status == status)
            }
            try await server.waitForMetrics(#"client_minutes_failed_total{flag="sse",variant="polling"} 1"#)
        }
    }

    @Test("do not keep folders from being told apart from files and from what is forbidden")
    func answersFolders() async throws {
        let folders = try TemporaryDirectory()
        try #require(mkdir(folders.path("a"), 0o755) == 0)
        try #require(mkdir(folders.path("a/b c"), 0o755) == 0)
        try await RunningServer.with { settings in
            settings.browsedFolder = folders.path
        } _: { server in
            let root = try await HTTPExchange.send(port: server.port, "/api/folders")
            #expect(root.body == #"{"folders":["a"],"parent":null,"path":""}"#)
            let inner = try await HTTPExchange.send(port: server.port, "/api/folders?path=a")
            #expect(inner.body == #"{"folders":["b c"],"parent":"","path":"a"}"#)
            let last = try await HTTPExchange.send(port: server.port, "/api/folders?path=a%2Fb%20c")
            #expect(last.body == #"{"folders":[],"parent":"a","path":"a/b c"}"#)
            for (path, status) in [("..", 400), ("%2Fetc", 400), ("a%00b", 400), ("x", 404)] {
                let answer = try await HTTPExchange.send(port: server.port, "/api/folders?path=\(path)")
                #expect(answer.status == status, "\(path)")
                #expect(answer.headers["Content-Type"] == ["application/problem+json"])
            }
        }
        try await RunningServer.with { server in
            let none = try await HTTPExchange.send(port: server.port, "/api/folders")
            #expect(none.status == 404)
        }
    }
}
