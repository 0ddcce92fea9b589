import NIOCore

/// One client's stream, from its first bytes to its last.
///
/// Its event loop owns it: whatever is written is written there, and its place in the log changes nowhere else, so
/// that the client gets every change once and in order. Everybody else leaves a request that the loop carries out.
package final class OpenStream: Sendable, Identifiable {
    private struct State {
        var connection: any StreamConnection
        /// The last change the client has been told of.
        var place = 0
        /// Why the client has been told that the stream ends; nil while it has not.
        var dismissal: StreamEnd?
        var end: Ended?
        var waiter: CheckedContinuation<Ended, Never>?
        /// Closes the connection if the client goes on reading nothing.
        var eviction: Scheduled<Void>?
    }

    /// How a stream came to its end.
    struct Ended: Sendable, Hashable {
        var reason: StreamEnd
        /// Where the client was.
        var place: Int
        /// Whether the connection is still there, for the end of the response.
        var isConnected: Bool
        /// Whether the service broke the connection off in the middle.
        var isCut = false

        /// Whether something failed for the client: it expects to be sent away at times, not to be cut off.
        var isFailure: Bool { isCut && reason == .fault }
    }

    package let client: String
    /// Whose limits it counts against.
    let caller: String
    /// After this the stream ends, so that connections spread over instances again.
    let expiry: ContinuousClock.Instant
    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let store: SessionStore
    private let stallLimit: Duration

    /// Makes a stream that has written nothing; on the event loop only.
    init(
        _ identity: Identity,
        on loop: any EventLoop,
        following store: SessionStore,
        over connection: any StreamConnection
    ) {
        client = identity.client
        caller = identity.caller
        expiry = identity.expiry
        self.loop = loop
        self.store = store
        stallLimit = identity.stallLimit
        state = NIOLoopBoundBox(State(connection: connection), eventLoop: loop)
    }

    /// Whose stream it is and what bounds it.
    struct Identity: Sendable {
        var client: String
        var caller: String
        var expiry: ContinuousClock.Instant
        /// How long the client may read nothing.
        var stallLimit: Duration
    }

    private var metrics: StreamMetrics { store.metrics }
}

// MARK: - On the event loop

extension OpenStream {
    /// Whether a change can be written now, and where the client is.
    var isWritable: Bool { state.value.end == nil && state.value.connection.isWritable }
    var place: Int { state.value.place }

    /// Writes what the stream begins with.
    func begin(after cursor: StreamCursor?) {
        let mates = store.streams(of: loop)
        let (opening, seq) = store.enter(self, after: cursor)
        state.value.place = seq
        mates.add(self)
        if cursor != nil, let resumption = opening.resumption { metrics.count(resumption) }
        metrics.count(.delta, by: opening.deltas)
        metrics.count(opening.snapshot == nil ? .ping : .snapshot)
        write(opening.chunk, counting: opening.bytes.readableBytes)
    }

    /// Writes changes that bring this client to a place; who calls counts them.
    func write(shared chunk: ByteBuffer, upTo seq: Int) {
        state.value.place = seq
        state.value.connection.write(chunk)
    }

    /// Writes a shared ping; who calls counts it.
    func write(shared ping: ByteBuffer) { state.value.connection.write(ping) }

    /// Brings a client that is behind up to date, if it reads.
    func catchUp() {
        let before = place
        guard isWritable, let news = store.news(after: before) else { return }
        state.value.place = news.seq
        let changes = before + 1...news.seq
        metrics.count(news.event, by: news.events)
        write(news.chunk, counting: news.size)
        switch news.event {
        case .snapshot:
            metrics.count(.lagged, by: changes.count)
            store.skipped(changes)
        default: store.wrote(changes, by: 1)
        }
    }

    /// The client reads again, or no longer.
    func writabilityChanged() {
        if state.value.connection.isWritable {
            state.value.eviction?.cancel()
            state.value.eviction = nil
            catchUp()
        } else if state.value.eviction == nil {
            state.value.eviction = loop.scheduleTask(in: TimeAmount(stallLimit)) { self.evict() }
        }
    }

    /// The connection is closed: by the client, or because it broke.
    ///
    /// A client that was told to go closes at once, while the service would still wait.
    func disconnected() {
        state.value.eviction?.cancel()
        end(state.value.dismissal ?? .client, isConnected: false)
    }

    /// The connection did not take what was written.
    func writeFailed() {
        guard state.value.end == nil else { return }
        // Whoever was told to go reads no more.
        if state.value.dismissal == nil { metrics.count(StreamError.write) }
        end(state.value.dismissal ?? .client, isConnected: false)
        state.value.connection.close()
    }

    /// Nothing that was sent was acknowledged for too long: who reads slowly, or is gone without a word.
    func timedOut() { evict() }

    private func evict() {
        if state.value.end == nil { metrics.count(StreamError.slowEvicted) }
        end(.slow, isConnected: false)
        // Its end may be what the client does not read.
        state.value.connection.close()
    }

    private func write(_ chunk: ByteBuffer, counting size: Int) {
        metrics.count(bytes: size)
        state.value.connection.write(chunk)
    }

    /// Writes nothing from here on; only the first end counts.
    private func end(_ reason: StreamEnd, isConnected: Bool, isCut: Bool = false) {
        guard state.value.end == nil else { return }
        store.streams(of: loop).remove(self)
        let end = Ended(reason: reason, place: place, isConnected: isConnected, isCut: isCut)
        state.value.end = end
        state.value.waiter?.resume(returning: end)
        state.value.waiter = nil
    }
}

// MARK: - From anywhere

extension OpenStream {
    /// Tells the client what to do and ends the stream a while after; only the first dismissal counts.
    ///
    /// - Parameters:
    ///   - control: What the client is told.
    ///   - reason: What the end counts as.
    ///   - delay: How long the stream stays open after that.
    func dismiss(_ control: StreamControl, because reason: StreamEnd, endingAfter delay: Duration = .zero) {
        onLoop { stream in
            guard stream.state.value.end == nil, stream.state.value.dismissal == nil else { return }
            stream.state.value.dismissal = reason
            stream.metrics.count(.control)
            let event = ServerSentEvent.control(control).encoded
            stream.write(event.chunk, counting: event.readableBytes)
            guard delay > .zero else { return stream.end(reason, isConnected: true) }
            stream.after(delay) { $0.end(reason, isConnected: true) }
        }
    }

    /// Breaks the connection off in the middle.
    func cut(because reason: StreamEnd = .fault) {
        onLoop { stream in
            stream.end(reason, isConnected: false, isCut: true)
            stream.state.value.connection.close()
        }
    }

    /// Does something on the event loop later, if the stream is still there.
    func after(_ delay: Duration, _ work: @escaping @Sendable (OpenStream) -> Void) {
        loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in self.map(work) }
    }

    /// Waits for the end; a cancelled task has nobody to write to any more.
    func ended() async -> Ended {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop { stream in
                    if let end = stream.state.value.end { return continuation.resume(returning: end) }
                    stream.state.value.waiter = continuation
                }
            }
        } onCancel: {
            onLoop { $0.disconnected() }
        }
    }

    private func onLoop(_ work: @escaping @Sendable (OpenStream) -> Void) {
        if loop.inEventLoop { return work(self) }
        loop.execute { work(self) }
    }
}

extension SessionLog.Opening {
    /// How a client that had a stream was brought up to date.
    var resumption: StreamResumption? {
        switch snapshot {
        case nil: .replay
        case .epoch: .snapshotEpoch
        case .gap: .snapshotGap
        case .initial, .lagged: nil
        }
    }
}
