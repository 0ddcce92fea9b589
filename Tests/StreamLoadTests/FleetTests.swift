import Glibc
import StreamLoad
import Testing
import TidegateTestKit

@Suite("A fleet of streams", .ownThreads, .timeLimit(.minutes(3)))
struct FleetTests {
    private static let streams = 100

    private func floor() throws -> ServerProcess {
        try ServerProcess([TidegateCommand.programPath("session-bench"), "floor"])
    }

    private func service(_ options: [String] = [], enabled: Bool = true) throws -> ServerProcess {
        try ServerProcess(
            [TidegateCommand.programPath("session-server"), "--port", "0", "--trusted-proxy", "127.0.0.1"]
                + options,
            environment: ["SSE_ENABLED": "\(enabled)", "SSE_ROLLOUT_PERCENTAGE": "100"]
        )
    }

    private func expectEverythingDelivered(
        by server: ServerProcess,
        publishing publication: PublicationRequest
    ) throws {
        let fleet = try StreamFleet(port: server.port, streams: Self.streams)
        #expect(try fleet.open().firstEvents.count == Self.streams)
        for _ in 0..<5 {
            let broadcast = try fleet.publish(publication)
            #expect(broadcast.latencies.count == Self.streams)
            #expect(broadcast.lost == 0)
        }
        #expect(fleet.members.allSatisfy { $0.repeats == 0 && $0.endedAt == nil })
    }

    @Test("counts every delivery of the floor")
    func countsFloor() throws {
        let bytes = 300
        let floor = try floor()
        try expectEverythingDelivered(by: floor, publishing: .verbatim(bytes: bytes))
        let fleet = try StreamFleet(port: floor.port, streams: 1)
        _ = try fleet.open()
        _ = try fleet.publish(.verbatim(bytes: bytes))
        #expect(fleet.members[0].publicationBytes == bytes)
    }

    @Test("counts every delivery of the service")
    func countsService() throws {
        let server = try service()
        let before = try server.processorNanoseconds()
        let session = try Exchange.createSession(port: server.port)
        try expectEverythingDelivered(by: server, publishing: .rename(session))
        #expect(try server.processorNanoseconds() > before)
        let memory = try server.memory()
        #expect(memory.now > 0 && memory.peak >= memory.now)
    }

    @Test("counts what never arrives as lost")
    func countsLosses() throws {
        let floor = try floor()
        let fleet = try StreamFleet(port: floor.port, streams: Self.streams)
        _ = try fleet.open()
        let silent = PublicationRequest("POST", "/") { _ in "event: delta\ndata: {}\n\n" }
        let broadcast = try fleet.publish(silent, within: .milliseconds(200))
        #expect(broadcast.latencies == [])
        #expect(broadcast.lost == Self.streams)
    }

    @Test("says that streams are refused, and with which status")
    func saysRefusal() throws {
        let server = try service(enabled: false)
        let fleet = try StreamFleet(port: server.port, streams: 3)
        let failure = #expect(throws: LoadFailure.self) { try fleet.open() }
        #expect(failure?.what.hasSuffix("of 3 ended with status 204") == true, "\(failure?.what ?? "")")
    }

    @Test("says that a publication is refused, and with which status")
    func saysRefusedPublication() throws {
        let server = try service()
        let fleet = try StreamFleet(port: server.port, streams: 1)
        _ = try fleet.open()
        let failure = #expect(throws: LoadFailure.self) { try fleet.publish(.rename("no-such-session")) }
        #expect(failure?.what == "a publication was answered with 404")
    }

    @Test("sees every stream told to come back, and the process end, after SIGTERM")
    func seesDrain() throws {
        let server = try service(["--drain", "100ms"])
        let fleet = try StreamFleet(port: server.port, streams: Self.streams)
        _ = try fleet.open()
        server.terminate()
        try fleet.listen(for: .seconds(60)) { $0.members.allSatisfy { $0.endedAt != nil } }
        #expect(fleet.members.allSatisfy { $0.controlAt != nil && $0.endedAt != nil })
        let deadline = ContinuousClock.now + .seconds(60)
        var status: Int32?
        while status == nil, ContinuousClock.now < deadline { status = server.waitStatus() }
        #expect(status == 0)
    }

    @Test("is held back where it does not read, and gets the last state once it does")
    func stalls() throws {
        let server = try service()
        let large = PublicationRequest.rename(
            try Exchange.createSession(port: server.port, words: 60, letters: 200)
        )
        let stalled = try StreamFleet(port: server.port, streams: 1, receiveBytes: 4_096)
        let reading = try StreamFleet(port: server.port, streams: 1, firstCaller: 1)
        _ = try stalled.open()
        _ = try reading.open()
        var last: UInt64 = 0
        for _ in 0..<50 { last = try reading.publish(large).sentAt }
        #expect(server.queuedBytes(toClientAt: stalled.localPort(of: 0)) ?? 0 > 0)
        try stalled.listen(for: .seconds(60)) { $0.members[0].newest == last }
        #expect(stalled.members[0].newest == last)
    }
}

@Suite("A fleet that polls", .ownThreads, .timeLimit(.minutes(3)))
struct PollingFleetTests {
    @Test("asks as often as it should, and the service counts as many")
    func polls() throws {
        let server = try ServerProcess([TidegateCommand.programPath("session-server"), "--port", "0"])
        let tag = try Exchange.entityTag(port: server.port)
        let before = try Exchange.requestsAnswered(port: server.port)
        let fleet = try PollingFleet(port: server.port, clients: 5, entityTag: tag)
        try fleet.run(every: .milliseconds(200), for: .seconds(2))
        #expect(fleet.answers.keys.sorted() == [304])
        let answers = fleet.answers[304] ?? 0
        #expect(answers + fleet.overdue == 50)
        #expect(try Exchange.requestsAnswered(port: server.port) - before == answers)
    }
}

@Suite("A server under load")
struct ServerProcessTests {
    @Test("that does not start is quoted")
    func quotesLastWords() {
        let failure = #expect(throws: LoadFailure.self) {
            try ServerProcess(["/bin/sh", "-c", "echo no port left >&2"])
        }
        #expect(failure?.hint == "it said: no port left\n")
    }

    @Test("says where it listens, and is gone with its last reference")
    func ends() throws {
        var server: ServerProcess? = try ServerProcess([
            "/bin/sh", "-c", "echo listening on http://127.0.0.1:4711; exec sleep 600",
        ])
        #expect(server?.port == 4_711)
        let processID = try #require(server?.processID)
        server = nil
        #expect(kill(processID, 0) == -1)
    }
}
