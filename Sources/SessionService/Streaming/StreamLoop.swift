import NIOCore

/// The streams of one event loop, which writes a change to all of them in one go.
///
/// Most streams are where the loop is: they share the bytes. One that is not, because its client reads slowly or it
/// came a moment ago, is brought up to date by itself.
final class StreamLoop: Sendable {
    private struct State {
        var streams: [OpenStream.ID: OpenStream] = [:]
        /// The last change that was handed out.
        var place: Int
    }

    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>

    /// Makes it on the loop itself.
    init(_ loop: any EventLoop, place: Int) {
        self.loop = loop
        state = NIOLoopBoundBox(State(place: place), eventLoop: loop)
    }

    /// Takes in a stream; on the loop only.
    func add(_ stream: OpenStream) { state.value.streams[stream.id] = stream }

    /// Leaves a stream out; on the loop only.
    func remove(_ stream: OpenStream) { state.value.streams[stream.id] = nil }

    /// Has every stream told what is new.
    ///
    /// Calls may overtake each other on their way here: each tells everything there is.
    func distribute(_ store: SessionStore) {
        loop.execute { self.write(of: store) }
    }

    private func write(of store: SessionStore) {
        let before = state.value.place
        guard let news = store.news(after: before) else { return }
        state.value.place = news.seq
        let isDelta = news.event == .delta
        var written = 0
        for stream in state.value.streams.values {
            guard isDelta, stream.place == before, stream.isWritable else {
                stream.catchUp()
                continue
            }
            stream.write(shared: news.chunk, upTo: news.seq)
            written += 1
        }
        store.wrote(before + 1...news.seq, by: written)
        store.metrics.count(news.event, by: written * news.events)
        store.metrics.count(bytes: written * news.size)
    }

    /// Tells every stream that it is alive, and ends those that are old.
    func ping(at now: ContinuousClock.Instant, of store: SessionStore) {
        loop.execute { self.writePing(at: now, store.metrics) }
    }

    private func writePing(at now: ContinuousClock.Instant, _ metrics: StreamMetrics) {
        let place = state.value.place
        let bytes = ServerSentEvent.ping(seq: place).encoded
        let chunk = bytes.chunk
        var written = 0
        for stream in state.value.streams.values {
            if stream.expiry <= now {
                let longest = Duration.milliseconds(SessionLog.firstRetryMilliseconds)
                stream.dismiss(.random(.drain, within: longest), because: .age)
            } else if stream.isWritable {
                // A stream that reads is never behind its loop; one that came since is ahead of it.
                stream.write(
                    shared: stream.place == place
                        ? chunk : ServerSentEvent.ping(seq: stream.place).encoded.chunk
                )
                written += 1
            }
        }
        metrics.count(.ping, by: written)
        metrics.count(bytes: written * bytes.readableBytes)
    }
}
