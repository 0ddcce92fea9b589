import NIOHTTP1
import SessionService
import Testing
import TidegateTestKit

@Suite("A server's stream", .ownThreads, .timeLimit(.minutes(1)))
struct StreamTests {
    @Test("has the headers that keep proxies from holding it back, and no others")
    func hasHeaders() async throws {
        try await RunningServer.with { server in
            try await ClientStream.with(port: server.port) { stream in
                #expect(stream.status == 200)
                #expect(stream.headers["Content-Type"] == ["text/event-stream"])
                #expect(stream.headers["Cache-Control"] == ["no-cache, no-transform"])
                #expect(stream.headers["X-Accel-Buffering"] == ["no"])
                #expect(stream.headers["Connection"] == [])
                #expect(stream.headers["Access-Control-Allow-Origin"] == [])
            }
        }
    }

    @Test("begins with everything and goes on with each change")
    func tellsChanges() async throws {
        try await RunningServer.with { settings in
            settings.churn = 100
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                let first = try #require(try await stream.next())
                #expect(first.name == "snapshot")
                let snapshot = try first.payload()
                #expect(snapshot.reason == "initial" && snapshot.hb == 15_000)
                var last = try #require(snapshot.seq)
                var deltas = 0
                while deltas < 5 {
                    let event = try #require(try await stream.next())
                    let payload = try event.payload()
                    switch event.name {
                    case "delta":
                        #expect(payload.prev == last)
                        deltas += 1
                    // Comes in place of many changes, when this machine is slow.
                    case "snapshot": #expect(payload.reason == "lagged")
                    default: continue
                    }
                    last = try #require(payload.seq)
                    #expect(event.id == snapshot.epoch.map { "\($0)-\(last)" })
                }
            }
            try await eventually("timed changes") {
                try await !server.metrics().contains("\nsse_broadcast_seconds_count 0\n")
            }
        }
    }

    @Test("goes on where its client was, and believes the header before the address")
    func resumes() async throws {
        try await RunningServer.with { settings in
            // The whole list is longer than what changes during the test.
            settings.sessions = 1_000
            settings.churn = 20
        } _: { server in
            var seen = ""
            try await ClientStream.with(port: server.port) { stream in
                seen = try #require(try await stream.next("snapshot").id)
            }
            try await ClientStream.with(port: server.port, query: "&last_event_id=\(seen)") { stream in
                let first = try #require(try await stream.next())
                #expect(first.name != "snapshot")
                seen = try #require(try await stream.next("delta").id)
            }
            // Would be told everything, if this were believed.
            let old = "&last_event_id=old-1"
            try await ClientStream.with(
                port: server.port,
                query: old,
                headers: ["Last-Event-ID": seen]
            ) { stream in
                let event = try #require(try await stream.next())
                #expect(event.name != "snapshot")
            }
            try await ClientStream.with(port: server.port, query: old) { stream in
                let first = try await stream.next()
                #expect(try first?.payload().reason == "epoch")
            }
        }
    }

    @Test("pings")
    func pings() async throws {
        try await RunningServer.with { settings in
            settings.pingInterval = .milliseconds(20)
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                for _ in 0..<2 {
                    let ping = try await stream.next("ping")
                    #expect(ping == ReadEvent(name: "ping", seq: 0))
                }
            }
        }
    }

    @Test("is not for clients outside the flag, nor for those without a name")
    func turnsAway() async throws {
        try await RunningServer.with(percentage: 50) { server in
            for query in ["?client=\(RunningServer.outsider)", ""] {
                let answer = try await HTTPExchange.send(port: server.port, "/api/sse/sessions\(query)")
                #expect(answer.status == 204 && answer.body.isEmpty)
            }
        }
    }

    @Test("is forgotten when its client goes")
    func noticesLeaving() async throws {
        try await RunningServer.with { settings in
            // Writing would notice it too.
            settings.pingInterval = .seconds(3_600)
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                try await server.waitForMetrics(#"sse_active_connections{variant="sse"} 1"#)
            }
            try await server.waitForMetrics(#"sse_active_connections{variant="sse"} 0"#)
        }
    }

    @Test("does not live for ever")
    func growsOld() async throws {
        try await RunningServer.with { settings in
            settings.streamLifetime = .milliseconds(10)
            settings.pingInterval = .milliseconds(20)
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                let last = try #require(try await stream.readToEnd().last)
                #expect(try last.payload().type == "drain")
                #expect(stream.hasEndedProperly)
            }
        }
    }

    @Test("ends, and its client is told to come back, when the server is asked to end")
    func drains() async throws {
        try await RunningServer.with { settings in
            settings.drainWithin = .milliseconds(500)
        } _: { server in
            try await ClientStream.with(port: server.port) { stream in
                _ = try await stream.next("snapshot")
                #expect(try await HTTPExchange.send(port: server.port, "/readyz").status == 200)
                await server.shutDown()
                let events = try await stream.readToEnd()
                let control = try #require(events.last).payload()
                #expect(control.type == "drain")
                // What is left of the drain, and a while of one's own.
                #expect((1...1_001).contains(try #require(control.afterMs)))
                #expect(stream.hasEndedProperly)
            }
        }
    }
}

extension ReadEvent {
    init(name: String, seq: Int) {
        self.name = name
        data = #"{"seq":\#(seq)}"#
    }
}
