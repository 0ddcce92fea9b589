import Hummingbird
import NIOCore

/// Writes one client's stream, from the first byte to the last.
struct StreamTask: Sendable {
    let workload: Workload
    let client: String
    /// Where the client says it is; nil when it is new.
    let cursor: StreamCursor?
    let channel: any Channel

    /// Writes until the stream ends or breaks.
    ///
    /// - Throws: What writing throws once the connection is gone.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        let connection = StreamChannel(channel: channel)
        let stream = OpenStream(client: client, expiry: expiry, connection: connection)
        let release = try await connection.prepare { [weak stream] in stream?.disconnected() }
        defer { release() }
        workload.minutes.opened(client)
        let opening = workload.store.subscribe(stream, after: cursor)
        defer {
            workload.store.leave(stream)
            workload.minutes.closed(client, failed: stream.isCut)
        }
        // Whoever went through all streams a moment ago has not seen this one.
        if workload.isDraining { Drain.dismiss(stream, within: workload.settings.drainWithin) }
        workload.dismissIfOutside(stream)
        try await writer.write(opening)
        while true {
            let work = await stream.next()
            guard !work.isGone else { return }
            try await carryOut(work, of: stream, on: &writer)
            if work.isEnding { break }
        }
        try await writer.finish(nil)
    }

    private func carryOut(
        _ work: OpenStream.Work,
        of stream: OpenStream,
        on writer: inout any ResponseBodyWriter
    ) async throws {
        let store = workload.store
        while work.isNotified, let bytes = store.take(stream) {
            try await writer.write(bytes)
            store.wrote(stream)
        }
        if work.isPingDue, let seq = store.place(of: stream) {
            try await writer.write(ServerSentEvent.ping(seq: seq).encoded)
        }
        if let control = work.control {
            try await writer.write(ServerSentEvent.control(control).encoded)
        }
    }

    /// Random, so that streams opened together do not end together.
    private var expiry: ContinuousClock.Instant {
        .now + workload.settings.streamLifetime * Double.random(in: 0.8...1)
    }
}
