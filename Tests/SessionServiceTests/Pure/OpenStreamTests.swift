import NIOCore
import Testing

@testable import SessionService

@Suite("An open stream")
struct OpenStreamTests {
    private let metrics: MadeMetrics
    private let store: SessionStore

    init() {
        metrics = MadeMetrics()
        store = SessionStore.made(metrics: metrics)
    }

    @Test("tells its client to go once, and nothing after that")
    func dismissesOnce() async throws {
        let made = try await MadeStream.open(on: store)
        made.stream.dismiss(StreamControl(type: .drain, afterMilliseconds: 5), because: .drain)
        made.stream.dismiss(StreamControl(type: .reassign, afterMilliseconds: 7), because: .reassign)
        store.publish([.upsert(.made("a"))])
        store.ping(at: .now)
        let end = await made.stream.ended()
        #expect(end == OpenStream.Ended(reason: .drain, place: 0, isConnected: true))
        let events = try await made.events()
        #expect(events.map(\.name) == ["snapshot", "control"])
        #expect(try events.last?.payload().afterMs == 5)
    }

    @Test("stays open for the time its client was given")
    func endsLater() async throws {
        let made = try await MadeStream.open(on: store)
        let control = StreamControl(type: .reassign, afterMilliseconds: 3_600_000)
        made.stream.dismiss(control, because: .reassign, endingAfter: .seconds(3_600))
        store.publish([.upsert(.made("a"))])
        #expect(try await made.names() == ["snapshot e-0", "control", "delta e-1"])
    }

    @Test("has nobody to write to when its task is cancelled")
    func endsWhenCancelled() async throws {
        let made = try await MadeStream.open(on: store)
        let waiting = Task { await made.stream.ended() }
        waiting.cancel()
        let end = await waiting.value
        #expect(end == OpenStream.Ended(reason: .client, place: 0, isConnected: false))
    }

    @Test("ends for the reason its client was told, though the client closes first")
    func keepsReason() async throws {
        let told: [(StreamControl.Kind, StreamEnd)] = [
            (.drain, .drain), (.drain, .age), (.reassign, .reassign), (.reauth, .reauth),
        ]
        for (type, reason) in told {
            let made = try await MadeStream.open(on: store)
            let control = StreamControl(type: type, afterMilliseconds: 3_600_000)
            made.stream.dismiss(control, because: reason, endingAfter: .seconds(3_600))
            try await made.disconnect()
            #expect(await made.stream.ended().reason == reason)
        }
        let broken = try await MadeStream.open(on: store)
        let control = StreamControl(type: .reassign, afterMilliseconds: 3_600_000)
        broken.stream.dismiss(control, because: .reassign, endingAfter: .seconds(3_600))
        try await broken.failWrite()
        #expect(await broken.stream.ended().reason == .reassign)
        #expect(metrics[#"sse_connection_errors_total{reason="write"}"#] == 0)
    }

    @Test("fails for its client when it is cut off, unless the process ends")
    func knowsFailure() async throws {
        let cut = try await MadeStream.open(on: store)
        cut.stream.cut()
        #expect(await cut.stream.ended().isFailure)
        let drained = try await MadeStream.open(on: store)
        drained.stream.cut(because: .drain)
        #expect(await !drained.stream.ended().isFailure)
    }

    @Test("knows whether the service broke it off")
    func knowsCut() async throws {
        let (left, cut) = (try await MadeStream.open(on: store), try await MadeStream.open(on: store))
        try await left.disconnect()
        left.stream.cut()
        #expect(await left.stream.ended().isCut == false)
        cut.stream.cut()
        #expect(await cut.stream.ended().isCut)
        #expect(try await cut.isClosed())
    }

    @Test("ends and counts when a write fails")
    func endsAtFailedWrite() async throws {
        let made = try await MadeStream.open(on: store)
        try await made.failWrite()
        try await made.failWrite()
        #expect(await made.stream.ended().reason == .client)
        #expect(metrics[#"sse_connection_errors_total{reason="write"}"#] == 1)
        #expect(try await made.isClosed())
    }

    @Test("is closed when its client reads nothing for too long, and not when it reads in between")
    func evicts() async throws {
        let slow = try await MadeStream.open(on: store, stallLimit: .milliseconds(1))
        let patient = try await MadeStream.open(on: store, stallLimit: .seconds(3_600))
        try await patient.setReading(false)
        try await patient.setReading(true)
        try await slow.setReading(false)
        #expect(await slow.stream.ended().reason == .slow)
        #expect(try await slow.isClosed())
        #expect(try await !patient.isClosed())
        #expect(metrics[#"sse_connection_errors_total{reason="slow_evicted"}"#] == 1)
    }

    @Test("does not live for ever")
    func growsOld() async throws {
        let made = try await MadeStream.open(on: store)
        store.ping(at: made.stream.expiry)
        #expect(await made.stream.ended().reason == .age)
        #expect(try await made.events().last?.payload().type == "drain")
    }

    @Test("says in a ping where its client is, though others of its loop are further")
    func pingsOwnPlace() async throws {
        let first = try await MadeStream.open(on: store)
        store.publish([.upsert(.made("a"))])
        let second = try await MadeStream.open(on: store, loop: first.loop)
        try await second.setReading(false)
        store.publish([.upsert(.made("b"))])
        store.ping(at: .now)
        #expect(try await first.events().last == ReadEvent(name: "ping", seq: 2))
        #expect(try await second.names() == ["snapshot e-1"])
    }
}
