import ClientSimulation
import NIOHTTP1
import Testing
import TidegateTestKit

@Suite("A streaming client", .ownThreads)
struct StreamingTests {
    private static let streams = "/api/sse/sessions"

    /// Everybody is assigned a stream; polls and reports are answered well.
    private static func service(
        hb: Int = 600_000,
        ttlMs: Int = 600_000,
        pollMs: Int = 600_000,
        stream: @escaping @Sendable (Int) -> StubService.Answer
    ) -> StubService.Script {
        { request in
            switch request.path {
            case "/api/assignment": Wire.assignment("sse", pollMs: pollMs, hb: hb, ttlMs: ttlMs)
            case streams: stream(request.earlier)
            case "/api/sessions": Wire.list
            default: .status(204)
            }
        }
    }

    private func reports(_ service: StubService) -> Int { service.count(of: "/api/client-reports") }

    private func attempts(_ service: StubService) -> Int { service.count(of: Self.streams) }

    @Test("opens one stream, follows it without polling, and keeps no other connection")
    func follows() async throws {
        // The list of the first stream would be out of date on the second one.
        let streams = Self.service { $0 == 0 ? .stream(Wire.snapshot) : .stream(Wire.ping) }
        try await simulate(against: streams) { service in
            try await eventually("a stream") { service.openStreams == 1 && service.openConnections == 1 }
            for seq in 41..<60 { service.send(Wire.delta(seq, seq + 1) + Wire.ping + ": comment\n\n") }
            // What comes last shows that all before was read.
            service.send(Wire.control("drain", afterMs: 0))
            try await eventually("a second stream") { attempts(service) == 2 }
            #expect(service.requests.map(\.path) == ["/api/assignment", Self.streams, Self.streams])
            #expect(
                service.requests(for: Self.streams).allSatisfy {
                    $0.headers["accept"] == ["text/event-stream"]
                }
            )
        }
    }

    @Test(
        "reports a stream that is refused or broken, polls meanwhile, and tries again",
        arguments: [
            .status(500), .status(503), .status(404), .json("{}"), .hangUp,
            .stream(Wire.delta(40, 41)), .stream(Wire.snapshot + Wire.delta(42, 43)),
            .stream(Wire.snapshot + Wire.delta(41, 41)), .stream("event: snapshot\ndata: {}\n\n"),
        ] as [StubService.Answer]
    )
    func reports(answer: StubService.Answer) async throws {
        try await simulate(against: Self.service { $0 < 3 ? answer : .stream(Wire.snapshot) }) { service in
            try await eventually("a good stream") { service.openStreams == 1 && attempts(service) == 4 }
            #expect(reports(service) == 3)
            let polls = service.count(of: "/api/sessions")
            #expect(polls == 1, "at once, and then only at the poll interval")
        }
    }

    @Test("keeps polling for as long as no stream comes about")
    func pollsMeanwhile() async throws {
        try await simulate(against: Self.service(pollMs: 10) { _ in .status(500) }) { service in
            try await eventually("polls between attempts") {
                service.count(of: "/api/sessions") >= 5 && attempts(service) >= 5
            }
        }
    }

    @Test("reports a stream that ends, or is cut, without a word", arguments: [true, false])
    func abnormalEnd(politely: Bool) async throws {
        try await simulate(against: Self.service { _ in .stream(Wire.snapshot) }) { service in
            try await eventually("a stream") { service.openStreams == 1 }
            if politely { service.endStreams() } else { service.closeConnections() }
            try await eventually("another stream") { attempts(service) == 2 && service.openStreams == 1 }
            #expect(reports(service) == 1)
        }
    }

    @Test("goes on where it was, unless what it was told cannot be built upon")
    func resumes() async throws {
        let answers: [StubService.Answer] = [
            .stream(Wire.snapshot + Wire.delta(41, 42) + Wire.control("drain", afterMs: 0)),
            .refusal(503, retryAfter: 0),
            // Nothing was missed: no snapshot.
            .stream(Wire.delta(42, 43) + Wire.delta(44, 45)),
            .stream(Wire.snapshot),
        ]
        try await simulate(against: Self.service { answers[min($0, 3)] }) { service in
            try await eventually("a stream that stays") { service.openStreams == 1 && attempts(service) == 4 }
            let cursors = service.requests(for: Self.streams).map(\.cursor)
            #expect(cursors == [nil, "7f3a-42", "7f3a-42", nil])
            #expect(service.requests(for: Self.streams)[0].headers["x-forwarded-for"] == ["10.0.0.1"])
        }
    }

    @Test("waits for its next stream as long as it is told to")
    func waits() async throws {
        let script = Self.service { $0 == 0 ? .refusal(503, retryAfter: 1) : .stream(Wire.snapshot) }
        try await simulate(against: script) { service in
            try await eventually("a stream") { service.openStreams == 1 }
            let times = service.requests(for: Self.streams).map(\.time)
            #expect(times.count == 2 && times[1] - times[0] >= .seconds(1))
        }
    }

    @Test("gives up a stream without any event, and comments are none")
    func watchdog() async throws {
        try await simulate(against: Self.service(hb: 40) { _ in .stream(Wire.snapshot) }) { service in
            try await eventually("another stream") {
                service.send(": still here\n\n")
                return attempts(service) >= 2
            }
            #expect(reports(service) >= 1)
        }
    }

    @Test("stays on a stream that pings")
    func pings() async throws {
        try await simulate(against: Self.service(hb: 2_000, ttlMs: 200) { _ in .stream(Wire.snapshot) }) {
            service in
            // Longer than the watchdog waits, told by the assignments asked for meanwhile.
            try await eventually("a long while") {
                service.send(Wire.ping)
                return service.count(of: "/api/assignment") >= 30
            }
            #expect(attempts(service) == 1 && reports(service) == 0)
        }
    }

    @Test("asks for its assignment again when it is outside the flag, and reports nothing")
    func outsideFlag() async throws {
        try await simulate(against: Self.service { _ in .status(204) }) { service in
            try await eventually("assignments and attempts") {
                service.count(of: "/api/assignment") >= 3 && attempts(service) >= 2
            }
            #expect(reports(service) == 0)
        }
    }

    @Test("asks for its assignment again when it is told to")
    func reassign() async throws {
        let script: StubService.Script = { request in
            switch request.path {
            case "/api/assignment": Wire.assignment(request.earlier == 0 ? "sse" : "polling", pollMs: 20)
            case Self.streams: .stream(Wire.snapshot)
            default: Wire.list
            }
        }
        try await simulate(against: script) { service in
            try await eventually("a stream") { service.openStreams == 1 }
            service.send(Wire.control("reassign", afterMs: 30))
            try await eventually("polls") { service.count(of: "/api/sessions") >= 3 }
            try await eventually("the stream is left") { service.openStreams == 0 }
            #expect(attempts(service) == 1 && reports(service) == 0)
            #expect(service.count(of: "/api/assignment") == 2)
        }
    }

    @Test("leaves its stream when the assignment has changed by itself")
    func expires() async throws {
        let script: StubService.Script = { request in
            switch request.path {
            case "/api/assignment":
                Wire.assignment(request.earlier < 3 ? "sse" : "polling", pollMs: 20, ttlMs: 50)
            case Self.streams: .stream(Wire.snapshot)
            default: Wire.list
            }
        }
        try await simulate(against: script) { service in
            try await eventually("polls instead of a stream") {
                service.count(of: "/api/sessions") >= 3 && service.openStreams == 0
            }
            #expect(attempts(service) == 1 && reports(service) == 0)
        }
    }

    @Test("moves from polling to a stream when it is assigned one")
    func adopts() async throws {
        let script: StubService.Script = { request in
            switch request.path {
            case "/api/assignment":
                Wire.assignment(
                    request.earlier == 0 ? "polling" : "sse",
                    ttlMs: request.earlier == 0 ? 30 : 600_000
                )
            case Self.streams: .stream(Wire.snapshot)
            default: Wire.list
            }
        }
        try await simulate(against: script) { service in
            try await eventually("a stream") { service.openStreams == 1 }
            #expect(reports(service) == 0)
        }
    }
}
