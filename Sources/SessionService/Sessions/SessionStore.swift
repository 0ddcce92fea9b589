package import NIOCore
import Synchronization

/// The sessions and the streams that follow them, behind one lock.
///
/// A stream is registered in the same critical section in which its first bytes are taken, so no change falls
/// between. The log itself is every stream's queue: a stream holds nothing but its place in it.
package final class SessionStore: Sendable {
    /// A stream and its place in the log.
    private struct Follower {
        var stream: OpenStream
        /// The last change the stream has taken to write.
        var taken: Int
        /// The last change that needs no more timing.
        var settled: Int
    }

    private struct State {
        var log: SessionLog
        var followers: [OpenStream.ID: Follower] = [:]
        var timing = BroadcastTiming()
    }

    /// A stream this far behind gets the whole list instead.
    private static let laggingFrames = 16
    private static let laggingBytes = 64 * 1_024

    private let state: Mutex<State>
    /// Told how long a change took until the last stream had it.
    private let broadcasted: @Sendable (Duration) -> Void

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - log: What the list begins with.
    ///   - broadcasted: Told how long each change took until the last stream had it; called without the lock.
    package init(_ log: SessionLog, broadcasted: @escaping @Sendable (Duration) -> Void = { _ in }) {
        state = Mutex(State(log: log))
        self.broadcasted = broadcasted
    }

    /// The sessions of now, oldest first.
    package var list: [Session] { state.withLock { $0.log.list } }

    /// The streams that are open.
    package var streams: [OpenStream] { state.withLock { $0.followers.values.map(\.stream) } }

    /// How many streams are open.
    package var streamCount: Int { state.withLock { $0.followers.count } }

    /// The body of `GET /api/sessions` and where a client that has read it is.
    package func document() -> (body: ByteBuffer, head: StreamCursor) {
        state.withLock { ($0.log.document(), $0.log.head) }
    }

    /// Carries out changes and tells every stream.
    package func publish(_ changes: [SessionChange]) {
        let now = ContinuousClock.now
        let streams = state.withLock { state in
            let delta = state.log.apply(changes)
            state.timing.forget(delta.seq - SessionLog.capacity)
            state.timing.publish(delta.seq, to: state.followers.count, at: now)
            return state.followers.values.map(\.stream)
        }
        for stream in streams { stream.notify() }
    }

    /// Registers a stream.
    ///
    /// - Parameters:
    ///   - stream: Told of every change from here on.
    ///   - cursor: Where its client says it is; nil when it is new.
    /// - Returns: The first bytes to write.
    package func subscribe(_ stream: OpenStream, after cursor: StreamCursor?) -> ByteBuffer {
        state.withLock { state in
            let seq = state.log.seq
            state.followers[stream.id] = Follower(stream: stream, taken: seq, settled: seq)
            return state.log.opening(after: cursor)
        }
    }

    /// What a stream has to write next: the changes it misses, or the whole list when they are too many.
    ///
    /// - Returns: Bytes for ``wrote(_:)`` to follow; nil when the stream has everything or is not registered.
    func take(_ stream: OpenStream) -> ByteBuffer? {
        let (bytes, durations) = state.withLock { state -> (ByteBuffer?, [Duration]) in
            guard var follower = state.followers[stream.id], follower.taken < state.log.seq else {
                return (nil, [])
            }
            let missed = state.log.deltas(after: follower.taken)
            follower.taken = state.log.seq
            defer { state.followers[stream.id] = follower }
            let size = missed?.reduce(0) { $0 + $1.frame.readableBytes } ?? .max
            guard let missed, missed.count <= Self.laggingFrames, size <= Self.laggingBytes else {
                let skipped = follower.settled + 1...follower.taken
                follower.settled = follower.taken
                return (state.log.snapshot(.lagged), state.timing.skipped(skipped))
            }
            guard missed.count > 1 else { return (missed.first?.frame, []) }
            var bytes = ByteBuffer()
            bytes.reserveCapacity(size)
            for delta in missed { bytes.writeImmutableBuffer(delta.frame) }
            return (bytes, [])
        }
        durations.forEach(broadcasted)
        return bytes
    }

    /// A stream has written what it took.
    func wrote(_ stream: OpenStream) {
        let now = ContinuousClock.now
        let durations = state.withLock { state -> [Duration] in
            guard let follower = state.followers[stream.id], follower.settled < follower.taken else {
                return []
            }
            state.followers[stream.id]?.settled = follower.taken
            return state.timing.wrote(follower.settled + 1...follower.taken, at: now)
        }
        durations.forEach(broadcasted)
    }

    /// The last change a stream has taken to write; nil when it is not registered.
    func place(of stream: OpenStream) -> Int? {
        state.withLock { $0.followers[stream.id]?.taken }
    }

    /// Forgets a stream; a second time does nothing.
    package func leave(_ stream: OpenStream) {
        let durations = state.withLock { state -> [Duration] in
            guard let follower = state.followers.removeValue(forKey: stream.id) else { return [] }
            guard follower.settled < state.log.seq else { return [] }
            return state.timing.skipped(follower.settled + 1...state.log.seq)
        }
        durations.forEach(broadcasted)
    }
}
