/// Where a client is in its stream: which version of the list it has.
///
/// A stream begins with a snapshot; every delta after it must follow the version before, or an update was lost.
struct StreamProgress: Sendable {
    private var position: (epoch: String, seq: Int)?

    /// What the service is told when the client comes back; nil before anything is known.
    var cursor: String? { position.map { "\($0.epoch)-\($0.seq)" } }

    /// What the service asks of the client on its stream.
    enum Request: Sendable, Equatable {
        /// Come back on a new stream after a while.
        case reconnect(after: Duration)
        /// Ask for the assignment again after a while.
        case reassign(after: Duration)
    }

    /// Takes in the next event.
    ///
    /// - Returns: What the service wants now; nil for going on. Events of an unknown name are passed over.
    /// - Throws: ``ClientFailure/malformed(_:)`` for what cannot be read, ``ClientFailure/outOfOrder(_:)`` for what
    ///   does not follow.
    mutating func follow(_ event: ServerSentEvent) throws(ClientFailure) -> Request? {
        switch event.type {
        case "snapshot":
            try follow(snapshot: decoded(SessionList.self, from: event.data.utf8))
        case "delta":
            try follow(delta: decoded(Delta.self, from: event.data.utf8))
        case "control":
            return try decoded(Control.self, from: event.data.utf8).request
        default:
            break
        }
        return nil
    }

    private mutating func follow(snapshot: SessionList) throws(ClientFailure) {
        if let position, position.epoch == snapshot.epoch, snapshot.seq < position.seq {
            throw .outOfOrder("snapshot \(snapshot.seq) after \(position.seq)")
        }
        position = (snapshot.epoch, snapshot.seq)
    }

    private mutating func follow(delta: Delta) throws(ClientFailure) {
        guard let last = position?.seq else { throw .outOfOrder("delta \(delta.seq) before any snapshot") }
        guard delta.prev == last, delta.seq > last else {
            throw .outOfOrder("delta \(delta.prev) to \(delta.seq) after \(last)")
        }
        position?.seq = delta.seq
    }
}

private struct Delta: Decodable {
    var seq: Int
    var prev: Int
}

private struct Control: Decodable {
    var type: String
    var afterMs: Int

    var request: StreamProgress.Request {
        let wait = Duration.milliseconds(max(0, afterMs))
        // `drain`, and what a later service may say: a new stream is never wrong.
        return type == "reassign" ? .reassign(after: wait) : .reconnect(after: wait)
    }
}
