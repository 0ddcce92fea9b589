import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("A server's callers", .ownThreads, .timeLimit(.minutes(1)))
struct AccessTests {
    @Test("must mean this host")
    func checksHost() async throws {
        try await RunningServer.with { settings in
            settings.allowedHosts = ["sessions.example"]
        } _: { server in
            for (host, status) in [
                ("127.0.0.1:1", 200), ("localhost", 200), ("[::1]:80", 200), ("sessions.example:80", 200),
                ("evil.example", 421),
            ] {
                for path in ["/api/sessions", "/healthz", "/metrics"] {
                    let answer = try await HTTPExchange.send(port: server.port, path, headers: ["Host": host])
                    #expect(answer.status == status, "\(host)")
                    #expect(answer.headers["X-Content-Type-Options"] == ["nosniff"])
                    #expect(answer.headers["Access-Control-Allow-Origin"] == [])
                }
            }
        }
    }

    @Test("change nothing from pages of other origins")
    func checksOrigin() async throws {
        try await RunningServer.with { settings in
            settings.faults = FaultRatios()
        } _: { server in
            func send(_ method: HTTPMethod, _ path: String, _ origin: String?) async throws -> Int {
                var headers: HTTPHeaders = [:]
                if let origin { headers.add(name: "Origin", value: origin) }
                let body = #"{"command": ["a"]}"#
                return try await HTTPExchange.send(
                    method,
                    port: server.port,
                    path,
                    headers: headers,
                    body: body
                ).status
            }
            let pageless = try await send(.POST, "/api/sessions", nil)
            #expect(pageless == 201)
            #expect(try await send(.POST, "/api/sessions", "http://127.0.0.1") == 201)
            for origin in ["http://evil.example", "null", "http://127.0.0.1:81"] {
                #expect(try await send(.POST, "/api/sessions", origin) == 403, "\(origin)")
                #expect(try await send(.DELETE, "/api/sessions/x", origin) == 403)
                #expect(try await send(.PATCH, "/api/sessions/x", origin) == 403)
                #expect(try await send(.PUT, "/api/faults", origin) == 403)
                #expect(try await send(.POST, "/api/client-reports?client=a", origin) == 403)
                #expect(try await send(.GET, "/api/sessions", origin) == 200)
            }
        }
    }

    @Test("may come from origins that are listed, and learn what went wrong, too")
    func listsOrigins() async throws {
        try await RunningServer.with { settings in
            settings.allowedOrigins = ["https://example.org"]
        } _: { server in
            let origin: HTTPHeaders = ["Origin": "https://example.org"]
            for path in ["/api/sessions", "/api/sessions?client=%20", "/api/nix"] {
                let answer = try await HTTPExchange.send(port: server.port, path, headers: origin)
                #expect(answer.headers["Access-Control-Allow-Origin"] == ["https://example.org"], "\(path)")
                #expect(answer.headers["Access-Control-Allow-Credentials"] == ["true"])
                #expect(answer.headers["Vary"] == ["Origin"])
            }
            let made = try await HTTPExchange.send(
                .POST,
                port: server.port,
                "/api/sessions",
                headers: origin,
                body: #"{"command": ["a"]}"#
            )
            #expect(made.status == 201)
            let preflight: HTTPHeaders = [
                "Origin": "https://example.org", "Access-Control-Request-Method": "DELETE",
            ]
            let asked = try await HTTPExchange.send(
                .OPTIONS,
                port: server.port,
                "/api/sessions/x",
                headers: preflight
            )
            #expect(asked.status == 204)
            #expect(asked.headers["Access-Control-Allow-Methods"].first?.contains("DELETE") == true)
            let stranger = try await HTTPExchange.send(
                port: server.port,
                "/api/sessions",
                headers: ["Origin": "https://example.com"]
            )
            #expect(stranger.status == 200 && stranger.headers["Vary"] == ["Origin"])
            #expect(stranger.headers["Access-Control-Allow-Origin"] == [])
        }
    }
}
