import CoreMetrics
import NIOCore
import NIOPosix
import PrometheusMetrics
import Testing

@testable import SessionService

/// A stream without a network: what is written to it can be read, and whether its client reads is the test's choice.
struct MadeStream: Sendable {
    let stream: OpenStream
    let loop: any EventLoop
    private let connection: NIOLoopBound<MadeConnection>

    /// Opens a stream on a store.
    static func open(
        on store: SessionStore,
        after cursor: StreamCursor? = nil,
        loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next(),
        stallLimit: Duration = .seconds(3_600)
    ) async throws -> MadeStream {
        try await loop.submit {
            let connection = MadeConnection()
            let identity = OpenStream.Identity(
                client: "c",
                caller: "127.0.0.1",
                expiry: .now + .seconds(3_600),
                stallLimit: stallLimit
            )
            let stream = OpenStream(identity, on: loop, following: store, over: connection)
            stream.begin(after: cursor)
            return MadeStream(
                stream: stream,
                loop: loop,
                connection: NIOLoopBound(connection, eventLoop: loop)
            )
        }.get()
    }

    /// The events written since the last look, once the loop has done what it was asked before.
    func events() async throws -> [ReadEvent] {
        let text = try await loop.submit { [connection] in
            defer { connection.value.written = "" }
            return connection.value.written
        }.get()
        return try ReadEvent.all(in: text)
    }

    /// How many bytes of events were written in all.
    func byteCount() async throws -> Int {
        try await loop.submit { [connection] in connection.value.byteCount }.get()
    }

    /// The events' names and ids.
    func names() async throws -> [String] {
        try await events().map { $0.id.map { [name = $0.name] in "\(name) \($0)" } ?? $0.name }
    }

    /// The client begins to read, or stops.
    func setReading(_ isReading: Bool) async throws {
        try await loop.submit { [connection, stream] in
            guard connection.value.isWritable != isReading else { return }
            connection.value.isWritable = isReading
            stream.writabilityChanged()
        }.get()
    }

    /// Whether the service has closed the connection.
    func isClosed() async throws -> Bool {
        try await loop.submit { [connection] in connection.value.isClosed }.get()
    }

    /// The connection breaks.
    func disconnect() async throws {
        try await loop.submit { [stream] in stream.disconnected() }.get()
    }

    /// A write fails.
    func failWrite() async throws {
        try await loop.submit { [stream] in stream.writeFailed() }.get()
    }
}

/// Where a made stream writes; used on its loop only.
private final class MadeConnection: StreamConnection {
    var isWritable = true
    var isClosed = false
    /// The text of all chunks.
    var written = ""
    var byteCount = 0

    func write(_ chunk: ByteBuffer) {
        var rest = Substring(String(buffer: chunk))
        while let line = rest.firstRange(of: "\r\n"), let count = Int(rest[..<line.lowerBound], radix: 16) {
            let bytes = rest[line.upperBound...].utf8
            let text = bytes.prefix(count)
            written += String(Substring(text))
            byteCount += count
            rest = Substring(bytes.dropFirst(count))
            #expect(rest.hasPrefix("\r\n"))
            rest = Substring(rest.utf8.dropFirst(2))
        }
        #expect(rest.isEmpty)
    }

    func close() { isClosed = true }
}

/// A page of metrics that one test alone writes to.
struct MadeMetrics {
    let page = PrometheusMetrics(descriptions: ServiceMetrics.descriptions)
    let streams: StreamMetrics

    init() {
        streams = StreamMetrics(page)
    }

    /// The value of a series; nil where there is none.
    subscript(_ series: String) -> Double? {
        String(decoding: page.page(), as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("\(series) ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }
}

extension SessionStore {
    /// A store of epoch `e` where every publishing makes a delta of its own.
    static func made(
        _ log: SessionLog = SessionLog(epoch: "e"),
        metrics: MadeMetrics = MadeMetrics(),
        interval: Duration = .zero
    ) -> SessionStore {
        SessionStore(log, metrics: metrics.streams, interval: interval)
    }
}
