import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("Faults injected into a server", .ownThreads, .timeLimit(.minutes(1)))
struct FaultsTests {
    private func put(_ body: String, to server: RunningServer) async throws -> HTTPExchange {
        try await HTTPExchange.send(.PUT, port: server.port, "/api/faults", body: body)
    }

    @Test("are changed while it runs, and checked")
    func change() async throws {
        try await RunningServer.with { settings in
            settings.faults = FaultRatios(sse: 0.25)
        } _: { server in
            let path = "/api/faults"
            #expect(try await HTTPExchange.send(port: server.port, path).body == #"{"all":0,"sse":0.25}"#)
            #expect(try await put(#"{"all": 0.5}"#, to: server).body == #"{"all":0.5,"sse":0.25}"#)
            let wrong = [
                #"{"sse": 1.1}"#, #"{"sse": -0.1}"#, #"{"sse": "1"}"#, #"{"nix": 0}"#, "{}", "", "[]",
            ]
            for body in wrong {
                let answer = try await put(body, to: server)
                #expect(answer.status == 400, "\(body)")
                #expect(answer.headers["Content-Type"] == ["application/problem+json"])
            }
            #expect(try await HTTPExchange.send(port: server.port, path).body == #"{"all":0.5,"sse":0.25}"#)
        }
    }

    @Test("strike everybody, but neither assignments nor reports")
    func strikeAll() async throws {
        try await RunningServer.with(percentage: 50) { settings in
            settings.faults = FaultRatios(all: 1)
        } _: { server in
            for client in [RunningServer.insider, RunningServer.outsider] {
                for (method, path, status) in [
                    (HTTPMethod.GET, "/api/sessions", 500), (.GET, "/api/sse/sessions", 500),
                    (.GET, "/api/assignment", 200), (.POST, "/api/client-reports", 204),
                    (.GET, "/api/faults", 200),
                ] {
                    let answer = try await HTTPExchange.send(
                        method,
                        port: server.port,
                        "\(path)?client=\(client)",
                        body: #"{"failed": false}"#
                    )
                    #expect(answer.status == status, "\(path)")
                }
            }
        }
    }

    @Test("strike new streams, and cut open ones when they rise")
    func strikeStreams() async throws {
        try await RunningServer.with { settings in
            settings.faults = FaultRatios()
            settings.clientMinute = .milliseconds(400)
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                _ = try await put(#"{"sse": 1}"#, to: server)
                try await server.waitForMetrics(#"sse_active_connections{variant="sse"} 0"#)
                _ = try await stream.readToEnd()
                #expect(!stream.hasEndedProperly)
            }
            let stream = "/api/sse/sessions?client=\(RunningServer.insider)"
            #expect(try await HTTPExchange.send(port: server.port, stream).status == 500)
            #expect(try await HTTPExchange.send(port: server.port, "/api/sessions").status == 200)
            try await eventually("a failed client-minute") {
                try await !server.metrics()
                    .contains(#"client_minutes_failed_total{flag="sse",variant="sse"} 0"#)
            }
        }
    }
}
