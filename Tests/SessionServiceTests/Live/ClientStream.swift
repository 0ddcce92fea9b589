import NIOCore
import NIOHTTP1
import NIOPosix

/// A client's side of an event stream.
struct ClientStream {
    let status: Int
    let headers: HTTPHeaders
    private var parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    private var text = ""
    private var events: [ReadEvent] = []

    /// Whether the answer was ended as HTTP ends it.
    private(set) var hasEndedProperly = false

    /// Opens a stream and hands it to a body; closes the connection after that.
    static func with<Result>(
        port: Int,
        client: String = RunningServer.insider,
        query: String = "",
        headers: HTTPHeaders = [:],
        _ body: (inout ClientStream) async throws -> Result
    ) async throws -> Result {
        let channel = try await HTTPExchange.connect(port: port)
        return try await channel.executeThenClose { inbound, outbound in
            let path = "/api/sse/sessions?client=\(client)\(query)"
            try await HTTPExchange.write(request: .GET, path, headers, to: outbound)
            var parts = inbound.makeAsyncIterator()
            guard case .head(let head) = try await parts.next() else { throw HTTPExchange.Cut() }
            var stream = ClientStream(status: Int(head.status.code), headers: head.headers, parts: parts)
            return try await body(&stream)
        }
    }

    /// Opens a stream whose client reads nothing until the body asks for it.
    ///
    /// - Parameters:
    ///   - port: The server's.
    ///   - body: Given the stream, and what lets its client read.
    /// - Throws: What the body throws, and what keeps a connection from being made.
    static func stalled(
        port: Int,
        _ body: (inout ClientStream, _ read: () async throws -> Void) async throws -> Void
    ) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            // The kernel would take megabytes for it.
            .channelOption(.socketOption(.so_rcvbuf), value: 4 * 1_024)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.scheduleTask(in: .seconds(25)) { channel.close(promise: nil) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try HTTPExchange.ClientChannel(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { inbound, outbound in
            let path = "/api/sse/sessions?client=\(RunningServer.insider)"
            try await HTTPExchange.write(request: .GET, path, to: outbound)
            var stream = ClientStream(status: 0, headers: [:], parts: inbound.makeAsyncIterator())
            try await body(&stream) {
                try await channel.channel.setOption(.autoRead, value: true).get()
            }
        }
    }

    private init(
        status: Int,
        headers: HTTPHeaders,
        parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    ) {
        self.status = status
        self.headers = headers
        self.parts = parts
    }

    /// The next event; nil when the stream has ended, in whatever way.
    mutating func next() async throws -> ReadEvent? {
        while events.isEmpty {
            switch try? await parts.next() {
            case .body(let bytes): try take(String(buffer: bytes))
            case .end:
                hasEndedProperly = true
                return nil
            // Of a client that has not read it yet.
            case .head: continue
            case nil: return nil
            }
        }
        return events.removeFirst()
    }

    /// The next event of this name; the ones before it are passed over.
    mutating func next(_ name: String) async throws -> ReadEvent {
        while let event = try await next() {
            if event.name == name { return event }
        }
        throw NeverHappened(what: "an event '\(name)'")
    }

    /// Reads until the stream ends.
    mutating func readToEnd() async throws -> [ReadEvent] {
        var events: [ReadEvent] = []
        while let event = try await next() { events.append(event) }
        return events
    }

    private mutating func take(_ bytes: String) throws {
        text += bytes
        while let end = text.firstRange(of: "\n\n") {
            if let event = try ReadEvent(block: text[..<end.lowerBound]) { events.append(event) }
            text.removeSubrange(..<end.upperBound)
        }
    }
}
