package import NIOCore
import Synchronization

/// The sessions and the streams that follow them, behind one lock.
///
/// A stream is registered in the same critical section in which its first bytes are taken, so no change falls
/// between. The log itself is every stream's queue: a stream holds nothing but its place in it.
package final class SessionStore: Sendable {
    private struct State {
        var log: SessionLog
        var pacing: BatchPacing
        /// When the first change of the batch was published.
        var batchBegan: ContinuousClock.Instant?
        /// Those who read only when no change is on its way.
        var readers: [CheckedContinuation<Void, Never>] = []
        var streams: [OpenStream.ID: OpenStream] = [:]
        var loops: [ObjectIdentifier: StreamLoop] = [:]
        var timing = BroadcastTiming()
    }

    private let state: Mutex<State>
    /// Told what happens in the store and on its streams.
    let metrics: StreamMetrics

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - log: What the list begins with.
    ///   - metrics: Told what happens; called without the lock.
    ///   - interval: How far apart two deltas are at least.
    init(_ log: SessionLog, metrics: StreamMetrics, interval: Duration = BatchPacing.interval) {
        state = Mutex(State(log: log, pacing: BatchPacing(interval: interval)))
        self.metrics = metrics
    }

    /// The sessions of now, oldest first.
    package var list: [Session] { state.withLock { $0.log.list } }

    /// The body of `GET /api/sessions` and where a client that has read it is.
    ///
    /// Where a change is on its way, the body has it and the place does not; see ``settled()``.
    package func document() -> (body: ByteBuffer, head: StreamCursor) {
        state.withLock { ($0.log.document(), $0.log.head) }
    }

    /// Waits until no change is on its way any more, which is a few milliseconds at most.
    package func settled() async {
        await withCheckedContinuation { continuation in
            let isSettled = state.withLock { state in
                guard state.log.isPending else { return true }
                state.readers.append(continuation)
                return false
            }
            if isSettled { continuation.resume() }
        }
    }

    /// Carries out changes; every stream that reads is told of them within ten milliseconds.
    package func publish(_ changes: [SessionChange]) {
        guard !changes.isEmpty else { return }
        let now = ContinuousClock.now
        let (verdict, replaced) = state.withLock { state in
            let replaced = state.log.stage(changes)
            state.batchBegan = state.batchBegan ?? now
            return (state.pacing.staged(at: now), replaced)
        }
        metrics.count(.batch, by: replaced)
        switch verdict {
        case .sendNow: send()
        case .sendAfter(let delay):
            Task.detached { [weak self] in
                try? await Task.sleep(for: delay)
                self?.send()
            }
        case .isDue: break
        }
    }

    /// Puts what was staged into one delta and tells the streams.
    private func send() {
        let now = ContinuousClock.now
        let sent = state.withLock { state -> Sent? in
            guard let delta = state.log.commit() else { return nil }
            state.pacing.sent(at: now)
            state.timing.forget(delta.seq - SessionLog.capacity)
            state.timing.publish(delta.seq, to: state.streams.count, at: state.batchBegan ?? now)
            state.batchBegan = nil
            defer { state.readers = [] }
            return Sent(
                loops: Array(state.loops.values),
                readers: state.readers,
                entries: state.log.entryCount
            )
        }
        guard let sent else { return }
        for loop in sent.loops { loop.distribute(self) }
        for reader in sent.readers { reader.resume() }
        metrics.set(logEntries: sent.entries)
    }

    private struct Sent {
        var loops: [StreamLoop]
        var readers: [CheckedContinuation<Void, Never>]
        var entries: Int
    }

    /// Records how long changes took that every stream has now.
    func record(broadcasts durations: [Duration]) {
        for duration in durations { metrics.record(broadcast: duration) }
    }
}

// MARK: - What streams follow

extension SessionStore {
    /// What a stream that is behind has to be told.
    struct News: Sendable {
        /// The events as they are written.
        var chunk: ByteBuffer
        /// How many bytes the events are.
        var size: Int
        /// The last change that is told.
        var seq: Int
        var event: StreamEvent
        /// How many events the bytes are.
        var events: Int
    }

    /// A stream this far behind gets the whole list instead.
    private static let laggingDeltas = 16
    private static let laggingBytes = 64 * 1_024

    /// The streams that are open.
    package var streams: [OpenStream] { state.withLock { Array($0.streams.values) } }

    /// How many streams are open.
    package var streamCount: Int { state.withLock { $0.streams.count } }

    /// The streams of one event loop; made when the first one comes.
    func streams(of loop: any EventLoop) -> StreamLoop {
        state.withLock { state in
            if let known = state.loops[ObjectIdentifier(loop)] { return known }
            let made = StreamLoop(loop, place: state.log.seq)
            state.loops[ObjectIdentifier(loop)] = made
            return made
        }
    }

    /// Registers a stream.
    ///
    /// - Parameters:
    ///   - stream: Awaited for every change from here on; its loop is one of ``streams(of:)``.
    ///   - cursor: Where its client says it is; nil when it is new.
    /// - Returns: The first bytes to write, and the last change that they tell.
    func enter(_ stream: OpenStream, after cursor: StreamCursor?) -> (opening: SessionLog.Opening, seq: Int) {
        state.withLock { state in
            state.streams[stream.id] = stream
            return (state.log.opening(after: cursor), state.log.seq)
        }
    }

    /// What happened after a change: the deltas since, or the whole list when they are too many.
    ///
    /// - Returns: Nil when nothing has happened.
    func news(after place: Int) -> News? {
        state.withLock { state in
            let seq = state.log.seq
            guard place < seq else { return nil }
            let missed = state.log.deltas(after: place)
            let size = missed?.reduce(0) { $0 + $1.frame.readableBytes } ?? .max
            guard let missed, missed.count <= Self.laggingDeltas, size <= Self.laggingBytes else {
                let size = state.log.snapshot(.lagged).readableBytes
                return News(
                    chunk: state.log.laggedChunk(),
                    size: size,
                    seq: seq,
                    event: .snapshot,
                    events: 1
                )
            }
            var bytes = ByteBuffer()
            bytes.reserveCapacity(size)
            for delta in missed { bytes.writeImmutableBuffer(delta.frame) }
            return News(chunk: bytes.chunk, size: size, seq: seq, event: .delta, events: missed.count)
        }
    }

    /// Some streams have written these changes.
    func wrote(_ changes: ClosedRange<Int>, by streams: Int) {
        let now = ContinuousClock.now
        record(broadcasts: state.withLock { $0.timing.wrote(changes, by: streams, at: now) })
    }

    /// One stream will never write these changes.
    func skipped(_ changes: ClosedRange<Int>) {
        record(broadcasts: state.withLock { $0.timing.skipped(changes) })
    }

    /// Forgets a stream that has written every change up to its place; a second time does nothing.
    func leave(_ stream: OpenStream, at place: Int) {
        let durations = state.withLock { state -> [Duration] in
            guard state.streams.removeValue(forKey: stream.id) != nil, place < state.log.seq else {
                return []
            }
            return state.timing.skipped(place + 1...state.log.seq)
        }
        record(broadcasts: durations)
    }

    /// Tells every stream that it is alive, and ends those that are old.
    func ping(at now: ContinuousClock.Instant) {
        for loop in state.withLock({ Array($0.loops.values) }) { loop.ping(at: now, of: self) }
    }
}
