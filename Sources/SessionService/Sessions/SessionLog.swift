import FoundationEssentials
package import NIOCore

/// The list of sessions with its recent history, so that a client that was away can be told what it missed.
///
/// A value: no clock, no lock. Every change is encoded once, as the bytes that go to every stream.
package struct SessionLog: Sendable {
    /// One change as it goes over the wire.
    package struct Delta: Sendable {
        package var seq: Int
        package var frame: ByteBuffer
    }

    /// How many of the last deltas are kept for clients that come back.
    static let capacity = 1_024
    /// The lower end of a client's first wait before it reconnects, in milliseconds.
    static let firstRetryMilliseconds = 500

    /// Names this run of the service; a cursor of another run means nothing here.
    package let epoch: String
    /// How many changes there have been.
    package private(set) var seq = 0
    /// What every snapshot tells the client about pings and reconnecting.
    private let terms: StreamTerms
    private var sessions: [String: Session]
    private var deltas = CircularBuffer<Delta>()
    private var batch = ChangeBatch()
    private var encoded = EncodedSessions()

    /// Begins a log.
    ///
    /// - Parameters:
    ///   - epoch: Different for every run of the service.
    ///   - sessions: What the list begins with.
    ///   - terms: What snapshots tell clients.
    package init(epoch: String, sessions: [Session] = [], terms: StreamTerms = StreamTerms()) {
        self.epoch = epoch
        self.terms = terms
        self.sessions = Dictionary(sessions.map { ($0.id, $0) }) { _, last in last }
    }

    /// The sessions of now, oldest first.
    package var list: [Session] {
        sessions.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// Where a client is that knows everything up to now.
    package var head: StreamCursor { StreamCursor(epoch: epoch, seq: seq) }

    /// How many deltas are kept for clients that come back.
    package var entryCount: Int { deltas.count }

    /// Whether there are changes that no delta tells of yet.
    package var isPending: Bool { !batch.isEmpty }

    /// Carries out changes; the next ``commit()`` tells of them.
    ///
    /// What is read in between has them already, and telling of them again changes nothing.
    ///
    /// - Returns: How many earlier changes nobody needs to be told of any more.
    package mutating func stage(_ changes: [SessionChange]) -> Int {
        guard !changes.isEmpty else { return 0 }
        encoded = EncodedSessions()
        var replaced = 0
        for change in changes {
            switch change {
            case .upsert(let session): sessions[session.id] = session
            case .remove(let id): sessions[id] = nil
            }
            if batch.add(change) { replaced += 1 }
        }
        return replaced
    }

    /// Puts what was staged into one delta.
    ///
    /// - Returns: The delta, already kept for clients that come back; nil when nothing was staged.
    package mutating func commit() -> Delta? {
        guard isPending else { return nil }
        let changes = batch.take()
        seq += 1
        encoded = EncodedSessions()
        let ops = WireJSON.text(of: changes)
        let event = ServerSentEvent(
            id: head.description,
            event: "delta",
            data: #"{"seq":\#(seq),"prev":\#(seq - 1),"ops":\#(ops)}"#
        )
        let delta = Delta(seq: seq, frame: event.encoded)
        if deltas.count == Self.capacity { deltas.removeFirst() }
        deltas.append(delta)
        return delta
    }

    /// The deltas after a sequence number; nil where the log no longer has all of them.
    package func deltas(after cursor: Int) -> CircularBuffer<Delta>.SubSequence? {
        guard cursor <= seq else { return nil }
        guard cursor < seq else { return deltas.suffix(0) }
        guard let first = deltas.first, first.seq <= cursor + 1 else { return nil }
        return deltas.suffix(seq - cursor)
    }

    /// The body of `GET /api/sessions`.
    package mutating func document() -> ByteBuffer {
        ByteBuffer(string: #"{"epoch":"\#(epoch)","seq":\#(seq),"sessions":\#(sessionsText())}"#)
    }

    /// The event that tells a client everything; encoded once for each state of the list and each reason.
    package mutating func snapshot(_ reason: SnapshotReason) -> ByteBuffer {
        if let frame = encoded.snapshots[reason] { return frame }
        let data =
            #"{"epoch":"\#(epoch)","seq":\#(seq),"reason":"\#(reason.rawValue)","sessions":\#(sessionsText()),"#
            + #""hb":\#(terms.pingMilliseconds),"retryMs":[\#(Self.firstRetryMilliseconds),\#(terms.retryMilliseconds)]}"#
        let frame = ServerSentEvent(id: head.description, event: "snapshot", data: data).encoded
        encoded.snapshots[reason] = frame
        return frame
    }

    /// The snapshot for a stream that lagged, as it is written; shared by all such streams.
    ///
    /// A client that reads nothing may keep the whole list waiting: the list, and not a copy of it.
    mutating func laggedChunk() -> ByteBuffer {
        if let chunk = encoded.laggedChunk { return chunk }
        let chunk = snapshot(.lagged).chunk
        encoded.laggedChunk = chunk
        return chunk
    }

    /// What a stream begins with.
    package struct Opening: Sendable {
        /// Bytes that end with a whole event.
        package let bytes: ByteBuffer
        /// The same as it is written; shared by all streams that begin with the same list.
        let chunk: ByteBuffer
        /// Why the client gets the whole list; nil when it gets what it missed.
        package var snapshot: SnapshotReason?
        /// How many deltas are replayed.
        package var deltas: Int

        init(_ bytes: ByteBuffer, snapshot: SnapshotReason?, deltas: Int) {
            self.bytes = bytes
            chunk = bytes.chunk
            self.snapshot = snapshot
            self.deltas = deltas
        }
    }

    /// The first bytes of a stream: how to reconnect, then what brings the client up to date.
    ///
    /// A client that was here a moment ago gets the deltas it missed and a ping, unless a snapshot is shorter.
    ///
    /// - Parameter cursor: Where the client says it is; nil when it is new.
    /// - Returns: The bytes, and what they are.
    package mutating func opening(after cursor: StreamCursor?) -> Opening {
        var bytes = ByteBuffer(string: "retry: \(terms.retryMilliseconds)\n\n")
        switch resumption(after: cursor) {
        case .snapshot(let reason):
            if let known = encoded.openings[reason] { return known }
            bytes.writeImmutableBuffer(snapshot(reason))
            let opening = Opening(bytes, snapshot: reason, deltas: 0)
            encoded.openings[reason] = opening
            return opening
        case .replay(let frames):
            for frame in frames { bytes.writeImmutableBuffer(frame) }
            bytes.writeImmutableBuffer(ServerSentEvent.ping(seq: seq).encoded)
            return Opening(bytes, snapshot: nil, deltas: frames.count)
        }
    }

    /// How a client is brought up to date.
    private enum Resumption {
        case replay([ByteBuffer])
        case snapshot(SnapshotReason)
    }

    private mutating func resumption(after cursor: StreamCursor?) -> Resumption {
        guard let cursor else { return .snapshot(.initial) }
        guard cursor.epoch == epoch else { return .snapshot(.epoch) }
        guard let missed = deltas(after: cursor.seq) else { return .snapshot(.gap) }
        let bytes = missed.reduce(0) { $0 + $1.frame.readableBytes }
        guard bytes <= snapshot(.gap).readableBytes else { return .snapshot(.gap) }
        return .replay(missed.map(\.frame))
    }

    private mutating func sessionsText() -> String {
        if let text = encoded.sessions { return text }
        let text = WireJSON.text(of: list)
        encoded.sessions = text
        return text
    }
}

/// What is encoded at most once for each state of the list.
private struct EncodedSessions {
    var sessions: String?
    var snapshots: [SnapshotReason: ByteBuffer] = [:]
    var openings: [SnapshotReason: SessionLog.Opening] = [:]
    var laggedChunk: ByteBuffer?
}
