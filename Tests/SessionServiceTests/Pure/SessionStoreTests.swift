import NIOCore
import Testing

@testable import SessionService

@Suite("The session store")
struct SessionStoreTests {
    private func change(_ number: Int = 0) -> [SessionChange] { [.upsert(.made("a", name: "\(number)"))] }

    @Test("gives a stream every change after its first bytes, once")
    func givesChanges() async throws {
        let store = SessionStore.made()
        store.publish([.upsert(.made("a"))])
        let stream = try await MadeStream.open(on: store)
        #expect(try await stream.names() == ["snapshot e-1"])
        store.publish([.upsert(.made("b"))])
        store.publish([.upsert(.made("c"))])
        #expect(try await stream.names() == ["delta e-2", "delta e-3"])
        #expect(try await stream.names() == [])
    }

    @Test("gives a stream that is too far behind the list instead, once it reads again")
    func dropsToLatest() async throws {
        let metrics = MadeMetrics()
        let store = SessionStore.made(metrics: metrics)
        let (slow, other) = (try await MadeStream.open(on: store), try await MadeStream.open(on: store))
        _ = (try await slow.events(), try await other.events())
        var told: [String] = []
        try await slow.setReading(false)
        for number in 1...16 {
            store.publish(change(number))
            told += try await other.names()
        }
        #expect(try await slow.names() == [])
        try await slow.setReading(true)
        #expect(try await slow.names() == (1...16).map { "delta e-\($0)" })
        try await slow.setReading(false)
        for number in 17...33 {
            store.publish(change(number))
            told += try await other.names()
        }
        try await slow.setReading(true)
        let events = try await slow.events()
        #expect(events.map(\.id) == ["e-33"])
        let list = try #require(events.first).payload()
        #expect(list.reason == "lagged" && list.sessions?.map(\.name) == ["33"])
        #expect(metrics[#"sse_coalesced_total{kind="lagged"}"#] == 17)
        store.publish([.remove(id: "a")])
        #expect(try await slow.names() == ["delta e-34"])
        #expect(try await told + other.names() == (1...34).map { "delta e-\($0)" })
    }

    @Test("gives a stream the list when a few changes are very long")
    func boundsBytes() async throws {
        let store = SessionStore.made()
        let stream = try await MadeStream.open(on: store)
        _ = try await stream.events()
        try await stream.setReading(false)
        let long = String(repeating: "x", count: 40 * 1_024)
        for _ in 0..<2 { store.publish([.upsert(.made("a", name: long))]) }
        try await stream.setReading(true)
        #expect(try await stream.names() == ["snapshot e-2"])
    }

    @Test("says how long each change took until the last stream had it")
    func timesChanges() async throws {
        let metrics = MadeMetrics()
        let store = SessionStore.made(metrics: metrics)
        var streams: [MadeStream] = []
        for _ in 0..<3 { streams.append(try await MadeStream.open(on: store)) }
        try await streams[2].setReading(false)
        store.publish(change())
        for stream in streams { _ = try await stream.events() }
        #expect(metrics["sse_broadcast_seconds_count"] == 0)
        store.leave(streams[2].stream, at: 0)
        #expect(metrics["sse_broadcast_seconds_count"] == 1)
        store.leave(streams[2].stream, at: 0)
        #expect(metrics["sse_broadcast_seconds_count"] == 1)
        #expect(store.streamCount == 2)
    }

    @Test("counts what it writes, once for each stream")
    func countsEvents() async throws {
        let metrics = MadeMetrics()
        let store = SessionStore.made(metrics: metrics)
        var bytes = 0
        var streams: [MadeStream] = []
        for _ in 0..<2 { streams.append(try await MadeStream.open(on: store)) }
        try await streams[1].setReading(false)
        store.publish(change())
        store.ping(at: .now)
        for stream in streams {
            _ = try await stream.events()
            try await stream.setReading(true)
            _ = try await stream.events()
            bytes += try await stream.byteCount()
        }
        for (event, count) in [("snapshot", 2.0), ("delta", 2), ("ping", 1), ("control", 0)] {
            #expect(metrics[#"sse_messages_transmitted_total{event="\#(event)"}"#] == count, "\(event)")
        }
        #expect(metrics["sse_bytes_sent_total"] == Double(bytes))
        #expect(metrics["sse_log_entries"] == 1)
    }

    @Test("puts changes that come quickly into one delta, the last one of each session")
    func batches() async throws {
        let metrics = MadeMetrics()
        // Nothing goes out by itself after the first change.
        let store = SessionStore.made(metrics: metrics, interval: .seconds(3_600))
        let stream = try await MadeStream.open(on: store)
        for number in 1...5 { store.publish(change(number)) }
        #expect(try await stream.names() == ["snapshot e-0", "delta e-1"])
        #expect(store.list.map(\.name) == ["5"])
        #expect(metrics[#"sse_coalesced_total{kind="batch"}"#] == 3)
    }

    @Test("sends what waits, and lets those read on who waited for that")
    func settles() async throws {
        let store = SessionStore.made(interval: .milliseconds(20))
        let stream = try await MadeStream.open(on: store)
        for number in 1...5 { store.publish(change(number)) }
        await store.settled()
        let last = try #require(try await stream.events().last).payload()
        #expect(last.ops?.last?.session?.name == "5")
        #expect(store.document().head.seq == last.seq)
        #expect(String(buffer: store.document().body).contains(#""name":"5""#))
    }

    @Test("makes no delta of nothing")
    func ignoresNothing() {
        let store = SessionStore.made()
        store.publish([])
        #expect(store.document().head.seq == 0)
    }
}
