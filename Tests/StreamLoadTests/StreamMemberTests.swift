import StreamLoad
import Testing

@Suite("An event, to a load client")
struct StreamEventTests {
    @Test("is known by its name", arguments: StreamEvent.Kind.allCases)
    func knowsKind(kind: StreamEvent.Kind) {
        #expect(StreamEvent(Array("id: 1\nevent: \(kind.rawValue)\ndata: {}\n\n".utf8)[...]).kind == kind)
        #expect(StreamEvent(Array("event: \(kind.rawValue)\r\ndata: {}\r\n\r\n".utf8)[...]).kind == kind)
    }

    @Test("is another one without a name, or with a name in its data")
    func knowsOthers() {
        #expect(StreamEvent(Array("retry: 3000\n\n".utf8)[...]).kind == .other)
        #expect(StreamEvent(Array("data: event: ping\n\n".utf8)[...]).kind == .other)
    }

    @Test("says when the newest publication in it was sent")
    func findsPublication() {
        func publication(_ data: String) -> UInt64? {
            StreamEvent(Array("event: snapshot\ndata: \(data)\n\n".utf8)[...]).publication
        }
        let names = ([17, 123_456_789_012, 9] as [UInt64]).map {
            #"{"name":"\#(Publication.name(at: $0))","status":"x"}"#
        }
        #expect(publication(names.joined(separator: ",")) == 123_456_789_012)
        #expect(publication(names[2]) == 9)
        #expect(publication("[]") == nil)
        #expect(publication("sent-at-") == nil)
    }
}

@Suite("One stream of a fleet")
struct StreamMemberTests {
    private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    private func chunk(_ event: String, _ data: String) -> String {
        let text = "event: \(event)\ndata: \(data)\n\n"
        return "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
    }

    private func delta(_ publication: UInt64) -> String { chunk("delta", Publication.name(at: publication)) }

    private func member(after parts: String...) throws -> StreamMember {
        var member = StreamMember()
        for (index, part) in parts.enumerated() {
            try member.take(Array(part.utf8)[...], at: UInt64(1_000 + index))
        }
        return member
    }

    @Test("has its first event once that is whole")
    func seesFirstEvent() throws {
        let snapshot = chunk("snapshot", "{}")
        let member = try member(after: Self.head, String(snapshot.dropLast(5)), String(snapshot.suffix(5)))
        #expect(member.status == 200)
        #expect(member.firstEventAt == 1_002)
        #expect(try self.member(after: Self.head, chunk("other", "")).firstEventAt == nil)
    }

    @Test("has received a publication when it first arrived")
    func seesPublications() throws {
        let member = try member(after: Self.head, delta(5), delta(7), chunk("ping", "{}"))
        #expect(member.newest == 7)
        #expect(member.newestAt == 1_002)
        #expect(member.repeats == 0)
    }

    @Test("counts what comes again, or too late, but no snapshot, which repeats by its nature")
    func countsRepeats() throws {
        #expect(try member(after: Self.head, delta(5), delta(5)).repeats == 1)
        #expect(try member(after: Self.head, delta(7), delta(5)).repeats == 1)
        let snapshot = chunk("snapshot", Publication.name(at: 5))
        #expect(try member(after: Self.head, delta(5), snapshot).repeats == 0)
    }

    @Test("knows that it was told to go, and that it has ended")
    func seesEnd() throws {
        let member = try member(after: Self.head, chunk("control", "{}"), "0\r\n\r\n")
        #expect(member.controlAt == 1_001)
        #expect(member.endedAt == 1_002)
    }

    @Test("has no events in an answer that is no stream")
    func ignoresRefusals() throws {
        let body = "event: snapshot\ndata: {}\n\n"
        let member = try member(
            after: "HTTP/1.1 503 Busy\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(member.status == 503)
        #expect(member.firstEventAt == nil)
        #expect(member.endedAt != nil)
    }
}

@Suite("Latencies")
struct LatenciesTests {
    @Test("are ranked by the smallest that enough of them do not exceed")
    func ranks() {
        let latencies = Latencies((1...200).reversed().map { $0 * 1_000_000 })
        #expect(latencies.milliseconds(at: 0.5) == 100)
        #expect(latencies.milliseconds(at: 0.99) == 198)
        #expect(latencies.milliseconds(at: 1) == 200)
        #expect(Latencies([3_000_000]).milliseconds(at: 0.5) == 3)
        #expect(Latencies([]).milliseconds(at: 0.99) == .infinity)
    }
}

@Suite("The kernel's table of connections")
struct ConnectionTableTests {
    private static let table = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
           1: 0100007F:1F90 0100007F:C001 01 0000A2C0:00000007 00:00000000 00000000     0        0 2
           2: 0100007F:C001 0100007F:1F90 01 00000005:00000000 00:00000000 00000000     0        0 3
        """

    @Test("says what waits to be sent to one client")
    func findsQueue() {
        #expect(ServerProcess.queuedBytes(in: Self.table, from: 8_080, to: 0xc001) == 0xa2c0)
        #expect(ServerProcess.queuedBytes(in: Self.table, from: 8_080, to: 0xc002) == nil)
    }
}
