import Assignment
import NIOCore
import NIOPosix
import Testing

@testable import SessionService

@Suite("What streams are told, whatever happens at the same time")
struct StreamOrderTests {
    /// What a client makes of its events.
    private struct Client {
        var seq: Int?
        var sessions: [String: String] = [:]

        mutating func read(_ events: [ReadEvent], seed: UInt64) throws {
            for event in events {
                let payload = try event.payload()
                switch event.name {
                case "snapshot":
                    #expect(try #require(payload.seq) >= seq ?? 0, "seed \(seed)")
                    sessions = Dictionary(
                        uniqueKeysWithValues: try #require(payload.sessions).map { ($0.id, $0.name) }
                    )
                case "delta":
                    #expect(payload.prev == seq, "seed \(seed)")
                    for op in try #require(payload.ops) {
                        if let session = op.session { sessions[session.id] = session.name }
                        if let id = op.id { sessions[id] = nil }
                    }
                default: continue
                }
                seq = payload.seq
            }
        }
    }

    @Test("is every change, or the list in place of some, in order", arguments: [1, 2, 3] as [UInt64])
    func keepsOrder(seed: UInt64) async throws {
        // Some changes go out at once and some wait for others.
        let store = SessionStore.made(interval: .microseconds(seed == 1 ? 0 : 300))
        let group = MultiThreadedEventLoopGroup.singleton
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for publisher in 0..<3 {
                tasks.addTask {
                    var random = SplitMix64(seed: seed &+ UInt64(publisher))
                    for number in 0..<300 {
                        let id = "\(publisher).\(Int.random(in: 0..<4, using: &random))"
                        let isGone = Int.random(in: 0..<5, using: &random) == 0
                        store.publish([isGone ? .remove(id: id) : .upsert(.made(id, name: "\(number)"))])
                        if number.isMultiple(of: 10) { await Task.yield() }
                    }
                }
            }
            for number in 0..<12 {
                tasks.addTask {
                    var random = SplitMix64(seed: seed &+ UInt64(100 + number))
                    let stream = try await MadeStream.open(on: store, loop: group.next())
                    var client = Client()
                    for _ in 0..<40 {
                        try await stream.setReading(Bool.random(using: &random))
                        try client.read(try await stream.events(), seed: seed)
                    }
                    try await stream.setReading(true)
                    try await eventually("seed \(seed): the client knows what the store knows") {
                        await store.settled()
                        try client.read(try await stream.events(), seed: seed)
                        let known = Dictionary(uniqueKeysWithValues: store.list.map { ($0.id, $0.name) })
                        return client.seq == store.document().head.seq && client.sessions == known
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }
}
