import Testing

@testable import ClientSimulation

@Suite("The progress of a stream")
struct StreamProgressTests {
    private var progress = StreamProgress()

    private mutating func follow(_ type: String, _ data: String) throws -> StreamProgress.Request? {
        try progress.follow(ServerSentEvent(type: type, data: data, id: ""))
    }

    private mutating func follow(snapshot seq: Int, epoch: String = "a") throws {
        _ = try follow("snapshot", #"{"epoch":"\#(epoch)","seq":\#(seq),"sessions":[]}"#)
    }

    private mutating func follow(delta prev: Int, _ seq: Int) throws {
        _ = try follow("delta", #"{"prev":\#(prev),"seq":\#(seq),"ops":[]}"#)
    }

    @Test("goes from a snapshot along its deltas, also when some are rolled into one")
    mutating func inOrder() throws {
        try follow(snapshot: 5)
        try follow(delta: 5, 6)
        try follow(delta: 6, 9)
        try follow(delta: 9, 10)
    }

    @Test("starts over with a later snapshot, or one of another epoch")
    mutating func startsOver() throws {
        try follow(snapshot: 5)
        try follow(snapshot: 9)
        try follow(delta: 9, 10)
        try follow(snapshot: 1, epoch: "b")
        try follow(delta: 1, 2)
    }

    @Test(
        "is broken by a lost, repeated or early delta",
        arguments: [(6, 7), (4, 5), (4, 6), (5, 5), (5, 4)]
    )
    mutating func outOfOrder(prev: Int, seq: Int) throws {
        #expect(throws: ClientFailure.outOfOrder("delta \(prev) to \(seq) after 5")) {
            var broken = self
            try broken.follow(snapshot: 5)
            try broken.follow(delta: prev, seq)
        }
    }

    @Test("is broken by a delta before any snapshot, and by a snapshot that goes back")
    mutating func backwards() throws {
        #expect(throws: ClientFailure.outOfOrder("delta 6 before any snapshot")) {
            var broken = self
            try broken.follow(delta: 5, 6)
        }
        #expect(throws: ClientFailure.outOfOrder("snapshot 4 after 5")) {
            var broken = self
            try broken.follow(snapshot: 5)
            try broken.follow(snapshot: 4)
        }
    }

    @Test("hands on what the service asks for, and passes over what it does not know")
    mutating func requests() throws {
        let drain = try follow("control", #"{"type":"drain","afterMs":1834}"#)
        #expect(drain == .reconnect(after: .milliseconds(1_834)))
        let reassign = try follow("control", #"{"type":"reassign","afterMs":-1}"#)
        #expect(reassign == .reassign(after: .zero))
        #expect(try follow("ping", #"{"seq":5}"#) == nil)
        #expect(try follow("novelty", "?") == nil)
    }

    @Test("is broken by what cannot be read", arguments: ["snapshot", "delta", "control"])
    mutating func malformed(type: String) {
        #expect(throws: ClientFailure.self) {
            var broken = self
            _ = try broken.follow(type, "{}")
        }
    }
}
