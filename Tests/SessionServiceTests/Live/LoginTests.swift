import FoundationEssentials
import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("A server with a token file", .ownThreads, .timeLimit(.minutes(1)))
struct LoginTests {
    private static let path = "/api/sessions?client=\(RunningServer.insider)"
    private static let good: HTTPHeaders = ["Authorization": "Bearer secret"]

    private func with(
        _ text: String = "ops \(TokenTableTests.secret)\n",
        _ change: (inout ServiceSettings) -> Void = { _ in },
        _ body: @Sendable (RunningServer, TemporaryDirectory) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        try FileContents.write(text.utf8, to: directory.path("tokens"))
        try await RunningServer.with { settings in
            settings.tokensPath = directory.path("tokens")
            change(&settings)
        } _: { server in
            try await body(server, directory)
        }
    }

    private func logIn(_ token: String, at server: RunningServer, from address: String? = nil) async throws
        -> HTTPExchange
    {
        var headers: HTTPHeaders = [:]
        if let address { headers = ["X-Forwarded-For": address, "X-Forwarded-Proto": "https"] }
        return try await HTTPExchange.send(
            .POST,
            port: server.port,
            "/api/login",
            headers: headers,
            body: #"{"token": "\#(token)"}"#
        )
    }

    @Test("answers nobody else")
    func needsLogin() async throws {
        try await with { server, _ in
            for path in [
                Self.path, "/api/assignment", "/api/sse/sessions?client=\(RunningServer.insider)", "/api/nix",
            ] {
                let answer = try await HTTPExchange.send(port: server.port, path)
                #expect(answer.status == 401, "\(path)")
                #expect(answer.headers["WWW-Authenticate"] == [#"Bearer realm="session-server""#])
            }
            for (path, status) in [(Self.path, 200), ("/api/assignment", 200), ("/api/nix", 404)] {
                let known = try await HTTPExchange.send(port: server.port, path, headers: Self.good)
                #expect(known.status == status, "\(path)")
            }
            for path in ["/healthz", "/readyz", "/metrics"] {
                #expect(try await HTTPExchange.send(port: server.port, path).status == 200)
            }
            try await server.waitForMetrics(#"sse_connection_errors_total{reason="auth"} 1"#)
            let inURL = try await HTTPExchange.send(port: server.port, Self.path + "&token=secret")
            #expect(inURL.status == 401)
        }
    }

    @Test("remembers a browser by a cookie that no script reads")
    func logsIn() async throws {
        try await with { settings in
            settings.trustedProxies = ["127.0.0.1"]
        } _: { server, _ in
            let answer = try await logIn("secret", at: server)
            #expect(answer.status == 204)
            let cookie = try #require(answer.headers["Set-Cookie"].first)
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
            #expect(!cookie.contains("Secure") && !cookie.contains("Max-Age"))
            let pair = String(cookie.prefix { $0 != ";" })
            #expect(!pair.contains("secret"))
            let known = try await HTTPExchange.send(port: server.port, Self.path, headers: ["Cookie": pair])
            #expect(known.status == 200)
            let secure = try await logIn("secret", at: server, from: "10.0.0.1").headers["Set-Cookie"].first
            #expect(secure?.contains("Secure") == true)
            let out = try await HTTPExchange.send(.POST, port: server.port, "/api/logout")
            #expect(out.status == 204 && out.headers["Set-Cookie"].first?.contains("Max-Age=0") == true)
        }
    }

    @Test("stops listening to guesses of an address, to no other's, and never to a good token")
    func boundsGuesses() async throws {
        try await with { settings in
            settings.trustedProxies = ["127.0.0.1"]
        } _: { server, _ in
            for _ in 1...5 {
                #expect(try await logIn("guess", at: server, from: "10.0.0.1").status == 401)
                let bearer: HTTPHeaders = [
                    "Authorization": "Bearer guess", "X-Forwarded-For": "10.0.0.1",
                ]
                #expect(
                    try await HTTPExchange.send(port: server.port, Self.path, headers: bearer).status == 401
                )
            }
            let refused = try await logIn("guess", at: server, from: "10.0.0.1")
            #expect(refused.status == 429 && refused.headers["Retry-After"].count == 1)
            // Others behind the same address may have guessed.
            #expect(try await logIn("secret", at: server, from: "10.0.0.1").status == 204)
            #expect(try await logIn("secret", at: server, from: "10.0.0.2").status == 204)
            try await server.waitForMetrics(#"rate_limited_total{route="/api/login"} 1"#)
        }
    }

    @Test("gives tickets for one stream each")
    func tickets() async throws {
        struct Ticket: Decodable {
            var ticket: String
            var expiresMs: Int
        }
        try await with { server, _ in
            let refused = try await HTTPExchange.send(.POST, port: server.port, "/api/tickets")
            #expect(refused.status == 401)
            let answer = try await HTTPExchange.send(
                .POST,
                port: server.port,
                "/api/tickets",
                headers: Self.good
            )
            let ticket = try JSONDecoder().decode(Ticket.self, from: Data(answer.body.utf8))
            #expect(ticket.expiresMs == 30_000)
            let query = "&ticket=\(ticket.ticket)"
            let elsewhere = try await HTTPExchange.send(port: server.port, Self.path + query)
            #expect(elsewhere.status == 401)
            try await ClientStream.with(port: server.port, query: query) { stream in
                #expect(stream.status == 200)
                _ = try await stream.next("snapshot")
            }
            try await ClientStream.with(port: server.port, query: query) { stream in
                #expect(stream.status == 401)
            }
        }
    }

    @Test("reads its file again, and keeps to the last good one")
    func reloads() async throws {
        try await with { server, directory in
            func status() async throws -> Int {
                try await HTTPExchange.send(port: server.port, Self.path, headers: Self.good).status
            }
            #expect(try await status() == 200)
            try FileContents.write("nonsense".utf8, to: directory.path("tokens"))
            try await server.waitForMetrics(#"token_reload_total{result="rejected"} 1"#)
            #expect(try await status() == 200)
            let changed = "ops \(TokenTableTests.other)\n"
            try FileContents.write(changed.utf8, to: directory.path("tokens"))
            try await server.waitForMetrics(#"token_reload_total{result="applied"} 1"#)
            #expect(try await status() == 401)
        }
    }

    @Test("ends the streams of those whose login ends, and says why", arguments: [true, false])
    func endsStreams(byTime: Bool) async throws {
        try await with { server, directory in
            if byTime {
                // Long enough to open a stream on a busy machine, shorter than a test's connection lives.
                let ends = Date(timeIntervalSinceNow: 8).formatted(.iso8601)
                let limited = "ops \(TokenTableTests.secret) \(ends)\n"
                try FileContents.write(limited.utf8, to: directory.path("tokens"))
                try await server.waitForMetrics(#"token_reload_total{result="applied"} 1"#)
            }
            try await ClientStream.with(port: server.port, headers: Self.good) { stream in
                _ = try await stream.next("snapshot")
                if !byTime {
                    let changed = "other \(TokenTableTests.other)\n"
                    try FileContents.write(changed.utf8, to: directory.path("tokens"))
                }
                let last = try #require(try await stream.readToEnd().last)
                #expect(try last.payload().type == "reauth" && stream.hasEndedProperly)
            }
            let again = try await HTTPExchange.send(port: server.port, Self.path, headers: Self.good)
            #expect(again.status == 401)
        }
    }

    @Test("counts requests of one login together, wherever they come from")
    func limitsByLogin() async throws {
        try await with { settings in
            settings.trustedProxies = ["127.0.0.1"]
            settings.limits.requests = 2
        } _: { server, _ in
            for (number, status) in [(1, 200), (2, 200), (3, 429)] {
                var headers = Self.good
                headers.add(name: "X-Forwarded-For", value: "10.0.0.\(number)")
                let answer = try await HTTPExchange.send(port: server.port, Self.path, headers: headers)
                #expect(answer.status == status)
            }
        }
    }
}
