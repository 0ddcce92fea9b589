import FoundationEssentials
import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("A server, asked by clients that poll", .ownThreads, .timeLimit(.minutes(1)))
struct PollingTests {
    private struct Assignment: Decodable, Equatable {
        var mode: String
        var bucket: Int?
        var percentage: Double
        var flagVersion: Int
        var reason: String
        var pollMs: Int
        var hb: Int
        var ttlMs: Int
        var firstEventMs: Int
        var probeMs: Int
        var suspendMs: Int
    }

    private func assignment(_ exchange: HTTPExchange) throws -> Assignment {
        try JSONDecoder().decode(Assignment.self, from: Data(exchange.body.utf8))
    }

    @Test("tells each client its transport")
    func assigns() async throws {
        try await RunningServer.with(percentage: 12.5) { server in
            let path = "/api/assignment?client="
            let inside = try await HTTPExchange.send(port: server.port, path + RunningServer.insider)
            #expect(inside.status == 200)
            #expect(inside.headers["Cache-Control"] == ["private, no-store"])
            #expect(inside.headers["Set-Cookie"] == [])
            let assigned = try assignment(inside)
            #expect(assigned.mode == "sse" && assigned.percentage == 12.5 && assigned.flagVersion == 1)
            #expect(assigned.bucket ?? .max < 1_000)
            #expect(assigned.reason == "rollout")
            #expect([assigned.pollMs, assigned.hb, assigned.ttlMs] == [10_000, 15_000, 60_000])
            #expect(
                [assigned.firstEventMs, assigned.probeMs, assigned.suspendMs] == [10_000, 60_000, 30_000]
            )
            let outside = try await HTTPExchange.send(port: server.port, path + RunningServer.outsider)
            #expect(try assignment(outside).mode == "polling")
            try await server.waitForMetrics(
                #"rollout_assignments_total{mode="sse",reason="rollout"} 1"#,
                #"rollout_assignments_total{mode="polling",reason="rollout"} 1"#
            )
        }
    }

    @Test("tells everybody to poll, and why, while the flag is off")
    func assignsWhileOff() async throws {
        try await RunningServer.with(percentage: nil) { server in
            let answer = try await HTTPExchange.send(port: server.port, "/api/assignment?client=a")
            #expect(answer.body.contains(#""bucket":null"#))
            let assigned = try assignment(answer)
            #expect(assigned.mode == "polling" && assigned.percentage == 0 && assigned.reason == "disabled")
        }
    }

    @Test("tells everybody to poll while it has as many streams as it takes")
    func assignsWhileFull() async throws {
        try await RunningServer.with { settings in
            settings.limits.streams = 1
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                let answer = try await HTTPExchange.send(port: server.port, "/api/assignment?client=a")
                let assigned = try assignment(answer)
                #expect(assigned.mode == "polling" && assigned.reason == "capacity")
                // Who has a stream keeps it.
                let path = "/api/assignment?client=\(RunningServer.insider)"
                let kept = try await HTTPExchange.send(port: server.port, path)
                #expect(try assignment(kept).mode == "sse")
                // What the client was assigned is still the other side.
                let labels = #"method="GET",route="/api/assignment",status="200""#
                try await server.waitForMetrics(
                    #"http_requests_total{\#(labels),transport="none",variant="sse"} 2"#,
                    #"rollout_assignments_total{mode="polling",reason="capacity"} 1"#
                )
            }
        }
    }

    @Test("gives a new browser a name and knows it again")
    func mintsName() async throws {
        try await RunningServer.with(percentage: 50) { server in
            let first = try await HTTPExchange.send(port: server.port, "/api/assignment")
            let cookie = try #require(first.headers["Set-Cookie"].first)
            for property in ["HttpOnly", "SameSite=Lax", "Max-Age=31536000", "Path=/"] {
                #expect(cookie.contains(property))
            }
            let pair = try #require(cookie.split(separator: ";").first)
            let name = pair.dropFirst("cid=".count)
            #expect(name.count == 32 && name.allSatisfy(\.isHexDigit))
            let again = try await HTTPExchange.send(
                port: server.port,
                "/api/assignment",
                headers: ["Cookie": String(pair)]
            )
            #expect(again.headers["Set-Cookie"] == [])
            #expect(try assignment(again) == assignment(first))
        }
    }

    @Test(
        "refuses a name that is none",
        arguments: ["", "%20", "a%20b", "%C3%A9", String(repeating: "x", count: 129)]
    )
    func refusesName(name: String) async throws {
        try await RunningServer.with { server in
            let answer = try await HTTPExchange.send(port: server.port, "/api/sessions?client=\(name)")
            #expect(answer.status == 400)
            #expect(answer.headers["Content-Type"] == ["application/problem+json"])
        }
    }

    @Test("sends the list once for each state of it")
    func sendsList() async throws {
        try await RunningServer.with { server in
            let first = try await HTTPExchange.send(port: server.port, "/api/sessions?client=a")
            #expect(first.status == 200)
            let list = try JSONDecoder().decode(ReadEvent.Payload.self, from: Data(first.body.utf8))
            let epoch = try #require(list.epoch)
            #expect(list.sessions?.count == 5)
            let tag = "\"\(epoch)-0\""
            #expect(first.headers["ETag"] == [tag])
            for known in [tag, "\"old\", W/\(tag)", "*"] {
                let again = try await HTTPExchange.send(
                    port: server.port,
                    "/api/sessions?client=a",
                    headers: ["If-None-Match": known]
                )
                #expect(again.status == 304 && again.body.isEmpty && again.headers["ETag"] == [tag])
            }
            let other = try await HTTPExchange.send(
                port: server.port,
                "/api/sessions?client=a",
                headers: ["If-None-Match": "\"\(epoch)-1\""]
            )
            #expect(other.status == 200)
        }
    }

    @Test("answers what it does not know as a problem")
    func answersUnknown() async throws {
        try await RunningServer.with { server in
            for path in ["/nix", "/api/nix", "/api/faults"] {
                let answer = try await HTTPExchange.send(port: server.port, path)
                #expect(answer.status == 404)
                #expect(answer.headers["Content-Type"] == ["application/problem+json"])
            }
            let nobody = try await HTTPExchange.send(
                .POST,
                port: server.port,
                "/api/client-reports",
                body: #"{"failed": true}"#
            )
            #expect(nobody.status == 400)
        }
    }

    @Test("counts what a page says about its transport")
    func countsTransports() async throws {
        try await RunningServer.with { server in
            let path = "/api/client-reports?client=a"
            let report = try await HTTPExchange.send(
                .POST,
                port: server.port,
                path,
                headers: ["Content-Type": "text/plain"],
                body: #"{"mode": "polling", "reason": "fallback", "failed": true}"#
            )
            #expect(report.status == 204)
            try await server.waitForMetrics(
                #"client_transport_total{mode="polling",reason="fallback"} 1"#
            )
            let wrong = [
                "yes", "{}", #"{"mode": "polling"}"#, #"{"reason": "initial"}"#, #"{"failed": 1}"#,
                #"{"mode": "udp", "reason": "initial"}"#, #"{"mode": "sse", "reason": "boredom"}"#,
            ]
            for body in wrong {
                let answer = try await HTTPExchange.send(.POST, port: server.port, path, body: body)
                #expect(answer.status == 400, "\(body)")
            }
            #expect(try await !server.metrics().contains("udp"))
        }
    }
}
