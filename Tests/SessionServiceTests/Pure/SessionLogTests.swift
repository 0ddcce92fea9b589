import NIOCore
import SessionService
import Testing

@Suite("The session log")
struct SessionLogTests {
    @Test("tells a new client everything")
    func tellsEverything() throws {
        var log = SessionLog.after(2, of: [.made("s1", age: 1), .made("s0")])
        let text = String(buffer: log.opening(after: nil).bytes)
        #expect(text.hasPrefix("retry: 3000\n\nid: e-2\nevent: snapshot\ndata: {\"epoch\":\"e\",\"seq\":2,"))
        let payload = try #require(try log.events(after: nil).first).payload()
        #expect(payload.reason == "initial")
        #expect(payload.hb == 15_000)
        #expect(payload.sessions?.map(\.id) == ["s0", "s1"])
        #expect(payload.sessions?.first?.createdAt == "2027-01-15T08:00:00Z")
    }

    @Test("numbers its deltas, each after the one before")
    func numbersDeltas() throws {
        var log = SessionLog(epoch: "e")
        let deltas = [
            log.apply([.upsert(.made("a")), .upsert(.made("b"))]), log.apply([.remove(id: "a")]),
        ].compactMap(\.self)
        let events = try deltas.flatMap { try ReadEvent.all(in: String(buffer: $0.frame)) }
        #expect(events.map(\.id) == ["e-1", "e-2"])
        #expect(events.map(\.name) == ["delta", "delta"])
        let payloads = try events.map { try $0.payload() }
        #expect(payloads.map(\.seq) == [1, 2])
        #expect(payloads.map(\.prev) == [0, 1])
        #expect(payloads[0].ops?.map(\.session?.id) == ["a", "b"])
        #expect(payloads[1].ops?.map(\.op) == ["remove"])
        #expect(payloads[1].ops?.map(\.id) == ["a"])
        #expect(log.list.map(\.id) == ["b"])
    }

    @Test("says of each way to begin what it is")
    func describesOpening() {
        var log = SessionLog.after(3, of: (0..<50).map { .made("s\($0)") })
        let openings = [nil, StreamCursor.at(1), .at(9), .at(1, epoch: "old")].map { log.opening(after: $0) }
        #expect(openings.map(\.snapshot) == [.initial, nil, .gap, .epoch])
        #expect(openings.map(\.deltas) == [0, 2, 0, 0])
    }

    @Test("shows what is staged at once, and tells of it in the next delta")
    func stages() throws {
        var log = SessionLog(epoch: "e")
        var replaced = log.stage([.upsert(.made("a")), .upsert(.made("b"))])
        #expect(replaced == 0)
        #expect(log.list.map(\.id) == ["a", "b"])
        replaced = log.stage([.remove(id: "a")])
        #expect(replaced == 1)
        #expect(log.list.map(\.id) == ["b"] && log.seq == 0)
        let committed = log.commit()
        let delta = try #require(committed)
        let payload = try #require(try ReadEvent.all(in: String(buffer: delta.frame)).first).payload()
        #expect(payload.ops?.map(\.op) == ["remove", "upsert"])
        #expect(!log.isPending && log.seq == 1)
    }

    @Test("replays to a client what it missed, and nothing else")
    func replays() throws {
        var log = SessionLog.after(3, of: (0..<50).map { .made("s\($0)") })
        let events = try log.events(after: .at(1))
        #expect(events.map(\.id) == ["e-2", "e-3", nil])
        #expect(events.map(\.name) == ["delta", "delta", "ping"])
    }

    @Test("tells a client that missed nothing that it is up to date")
    func replaysNothing() throws {
        var log = SessionLog.after(3)
        let events = try log.events(after: .at(3))
        #expect(events.map(\.name) == ["ping"])
        #expect(try events.first?.payload().seq == 3)
    }

    @Test(
        "gives a client everything when it cannot replay",
        arguments: zip(
            [StreamCursor.at(2, epoch: "old"), .at(4), StreamCursor(parsing: "garbage")],
            ["epoch", "gap", "epoch"]
        )
    )
    func explainsSnapshot(cursor: StreamCursor, reason: String) throws {
        var log = SessionLog.after(3)
        let events = try log.events(after: cursor)
        #expect(events.map(\.name) == ["snapshot"])
        #expect(try events.first?.payload().reason == reason)
    }

    @Test("gives everything when that is shorter than what was missed")
    func prefersShorter() throws {
        var log = SessionLog.after(10)
        let events = try log.events(after: .at(1))
        #expect(events.map(\.name) == ["snapshot"])
        #expect(try events.first?.payload().reason == "gap")
    }

    @Test("remembers its last 1,024 deltas and no more")
    func forgetsOldDeltas() {
        let log = SessionLog.after(1_030)
        #expect(log.deltas(after: 6)?.map(\.seq) == Array(7...1_030))
        #expect(log.deltas(after: 5) == nil)
        #expect(log.deltas(after: 1_030)?.isEmpty == true)
        #expect(log.deltas(after: 1_031) == nil)
    }

    @Test("does not show an old list after a change")
    func forgetsEncodedList() throws {
        var log = SessionLog.after(1)
        let before = String(buffer: log.document())
        _ = log.apply([.remove(id: "s0")])
        #expect(before.contains("s0"))
        #expect(String(buffer: log.document()) == #"{"epoch":"e","seq":2,"sessions":[]}"#)
        #expect(try log.events(after: nil).first?.payload().sessions?.isEmpty == true)
    }
}
