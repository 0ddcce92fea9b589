import NIOCore
import Synchronization
import Testing

@testable import SessionService

@Suite("The session store")
struct SessionStoreTests {
    private func stream() -> OpenStream {
        OpenStream(client: "c", expiry: .now + .seconds(60), connection: NoConnection())
    }

    private func names(_ bytes: ByteBuffer?) throws -> [String] {
        try ReadEvent.all(in: String(buffer: try #require(bytes))).map { "\($0.name) \($0.id ?? "")" }
    }

    @Test("gives a stream every change after its first bytes, once")
    func givesChanges() throws {
        let store = SessionStore(SessionLog(epoch: "e"))
        let stream = stream()
        store.publish([.upsert(.made("a"))])
        #expect(try names(store.subscribe(stream, after: nil)) == ["snapshot e-1"])
        #expect(store.take(stream) == nil)
        store.publish([.upsert(.made("b"))])
        store.publish([.upsert(.made("c"))])
        #expect(try names(store.take(stream)) == ["delta e-2", "delta e-3"])
        #expect(store.take(stream) == nil)
    }

    @Test("gives a stream that is too far behind the list instead")
    func dropsToLatest() throws {
        let store = SessionStore(SessionLog(epoch: "e"))
        let stream = stream()
        _ = store.subscribe(stream, after: nil)
        for _ in 0..<16 { store.publish([.upsert(.made("a"))]) }
        #expect(try names(store.take(stream)).count == 16)
        for _ in 0..<17 { store.publish([.upsert(.made("a"))]) }
        let bytes = try #require(store.take(stream))
        let event = try #require(try ReadEvent.all(in: String(buffer: bytes)).first)
        #expect(event.id == "e-33")
        #expect(try event.payload().reason == "lagged")
        store.publish([.remove(id: "a")])
        #expect(try names(store.take(stream)) == ["delta e-34"])
    }

    @Test("gives a stream the list when a few changes are very long")
    func boundsBytes() throws {
        let store = SessionStore(SessionLog(epoch: "e"))
        let stream = stream()
        _ = store.subscribe(stream, after: nil)
        let long = String(repeating: "x", count: 40 * 1_024)
        for _ in 0..<2 { store.publish([.upsert(.made("a", name: long))]) }
        #expect(try names(store.take(stream)) == ["snapshot e-2"])
    }

    @Test("says how long each change took until the last stream had it")
    func timesChanges() throws {
        let durations = Mutex<[Duration]>([])
        let store = SessionStore(SessionLog(epoch: "e")) { duration in
            durations.withLock { $0.append(duration) }
        }
        let streams = [stream(), stream(), stream()]
        for stream in streams { _ = store.subscribe(stream, after: nil) }
        store.publish([.upsert(.made("a"))])
        for stream in streams.prefix(2) {
            _ = try #require(store.take(stream))
            store.wrote(stream)
        }
        #expect(durations.withLock { $0 }.isEmpty)
        store.leave(streams[2])
        #expect(durations.withLock { $0 }.count == 1)
        store.leave(streams[2])
        #expect(durations.withLock { $0 }.count == 1)
        #expect(store.streamCount == 2)
    }

    @Test("loses no change between a stream's first bytes and the next", arguments: [1, 2, 3] as [UInt64])
    func losesNothing(seed: UInt64) async throws {
        let store = SessionStore(SessionLog(epoch: "e"))
        let changes = 400
        async let publishing: Void = Task.detached {
            for change in 1...changes { store.publish([.upsert(.made("a", name: "\(change)"))]) }
        }.value
        let stream = stream()
        var seen = try #require(
            try ReadEvent.all(in: String(buffer: store.subscribe(stream, after: nil))).first
        )
        .payload().seq
        while seen != changes {
            let work = await stream.next()
            #expect(work.isNotified)
            while let bytes = store.take(stream) {
                for event in try ReadEvent.all(in: String(buffer: bytes)) {
                    let payload = try event.payload()
                    if event.name == "delta" { #expect(payload.prev == seen, "seed \(seed)") }
                    seen = payload.seq
                }
            }
        }
        await publishing
    }
}

@Suite("An open stream")
struct OpenStreamTests {
    private let stream = OpenStream(client: "c", expiry: .now, connection: NoConnection())

    @Test("does once what it was asked several times")
    func coalesces() async {
        stream.notify()
        stream.notify()
        stream.ping()
        #expect(await stream.next() == OpenStream.Work(isNotified: true, isPingDue: true))
        stream.notify()
        #expect(await stream.next() == OpenStream.Work(isNotified: true))
    }

    @Test("tells its client to go once")
    func dismissesOnce() async {
        let control = StreamControl(type: .drain, afterMilliseconds: 5)
        stream.dismiss(control)
        stream.dismiss(StreamControl(type: .reassign, afterMilliseconds: 7))
        #expect(await stream.next() == OpenStream.Work(control: control, isEnding: true))
        #expect(await stream.next() == OpenStream.Work(isEnding: true))
    }

    @Test("stays open for the time its client was given")
    func endsLater() async {
        let control = StreamControl(type: .reassign, afterMilliseconds: 5)
        stream.dismiss(control, endingAfter: .milliseconds(5))
        #expect(await stream.next() == OpenStream.Work(control: control))
    }

    @Test("has nobody to write to when its task is cancelled")
    func endsWhenCancelled() async {
        let waiting = Task { await stream.next() }
        waiting.cancel()
        #expect(await waiting.value.isGone)
    }

    @Test("knows whether the service broke it off")
    func knowsCut() async {
        stream.disconnected()
        #expect(!stream.isCut)
        stream.cut()
        #expect(stream.isCut)
        #expect(await stream.next().isGone)
    }
}

/// No connection at all: what should happen later never does.
struct NoConnection: StreamConnection {
    func after(_ delay: Duration, _ work: @escaping @Sendable () -> Void) {}
    func cut() {}
}
