import FoundationEssentials
import NIOCore
import SessionService

extension Session {
    /// A session that differs from others by its id, and by its age in seconds.
    static func made(_ id: String, age: Double = 0, name: String = "shell") -> Session {
        let time = Date(timeIntervalSince1970: 1_800_000_000 + age)
        return Session(
            id: id,
            name: name,
            status: .running,
            command: ["sh"],
            createdAt: time,
            updatedAt: time
        )
    }
}

extension SessionLog {
    /// A log of epoch `e` that has seen this many changes to one session.
    static func after(_ changes: Int, of sessions: [Session] = [.made("s0")]) -> SessionLog {
        var log = SessionLog(epoch: "e", sessions: sessions)
        for change in 0..<changes { _ = log.apply([.upsert(.made("s0", name: "\(change)"))]) }
        return log
    }

    /// Carries out changes as one delta.
    mutating func apply(_ changes: [SessionChange]) -> Delta? {
        _ = stage(changes)
        return commit()
    }

    /// The events a stream begins with, as a client reads them.
    mutating func events(after cursor: StreamCursor?) throws -> [ReadEvent] {
        try ReadEvent.all(in: String(buffer: opening(after: cursor).bytes))
    }
}

extension StreamCursor {
    static func at(_ seq: Int, epoch: String = "e") -> StreamCursor { StreamCursor(epoch: epoch, seq: seq) }
}
