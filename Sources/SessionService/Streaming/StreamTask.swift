import Hummingbird
import NIOCore
import NIOHTTP1

/// Opens one client's stream and ends its response; what is between is the event loop's.
struct StreamTask: Sendable {
    let workload: Workload
    let client: String
    /// Whose limits the stream counts against, and its place within them.
    let caller: String
    let slot: StreamAdmission.Slot
    /// When the caller's login ends; nil where nobody has to log in.
    let loginEnds: ContinuousClock.Instant?
    /// Where the client says it is; nil when it is new.
    let cursor: StreamCursor?
    /// When the client asked.
    let arrival: ContinuousClock.Instant
    let channel: any Channel

    /// Writes until the stream ends or breaks.
    ///
    /// - Throws: What opening the stream or ending the response throws once the connection is gone.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        let opened = ContinuousClock.now
        var end = OpenStream.Ended(reason: .client, place: 0, isConnected: false)
        workload.metrics.streams.count(.opened)
        workload.minutes.opened(client)
        defer {
            slot.release()
            workload.metrics.streams.count(end.reason)
            workload.metrics.streams.record(lifetime: opened.duration(to: .now))
            workload.minutes.closed(client, failed: end.isFailure)
        }
        let (stream, handler) = try await open()
        defer {
            workload.store.leave(stream, at: end.place)
            // The connection serves ordinary requests again.
            channel.eventLoop.execute { [channel] in
                channel.pipeline.syncOperations.removeHandler(handler.value, promise: nil)
            }
        }
        workload.metrics.streams.record(firstEvent: arrival.duration(to: .now))
        arrangeEnds(of: stream)
        end = await stream.ended()
        if end.isConnected { try await writer.finish(nil) }
    }

    /// Puts the stream on its event loop and writes its first events.
    ///
    /// The response's head is on its way there already, so they come after it.
    private func open() async throws -> (OpenStream, NIOLoopBound<StreamConnectionHandler>) {
        let loop = channel.eventLoop
        return try await loop.submit { [self] in
            guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
            let pipeline = channel.pipeline.syncOperations
            let handler = StreamConnectionHandler(stallLimit: workload.settings.stallLimit)
            let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
            try pipeline.addHandler(handler, position: .before(encoder))
            let stream = OpenStream(identity, on: loop, following: workload.store, over: handler)
            handler.stream = stream
            stream.begin(after: cursor)
            return (stream, NIOLoopBound(handler, eventLoop: loop))
        }.get()
    }

    private var identity: OpenStream.Identity {
        OpenStream.Identity(
            client: client,
            caller: caller,
            // Random, so that streams opened together do not end together.
            expiry: .now + workload.settings.streamLifetime * Double.random(in: 0.8...1),
            stallLimit: workload.settings.stallLimit
        )
    }

    private func arrangeEnds(of stream: OpenStream) {
        // Whoever went through all streams a moment ago has not seen this one.
        if let end = workload.drainEnd {
            Drain.dismiss(stream, before: end, spread: workload.settings.drainWithin)
        }
        workload.dismissIfOutside(stream)
        // What is for later outlives the stream, so it must not be for much later.
        guard let loginEnds, loginEnds < stream.expiry + workload.settings.pingInterval else { return }
        stream.after(max(.zero, ContinuousClock.now.duration(to: loginEnds))) {
            $0.dismiss(StreamControl(type: .reauth, afterMilliseconds: 0), because: .reauth)
        }
    }
}
