import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A service over real HTTP on a free port of 127.0.0.1, which answers what a test tells it to.
final class StubService: Sendable {
    /// What a client asked.
    struct Request: Sendable {
        var method: HTTPMethod
        /// Without the query.
        var path: String
        var client: String
        /// Where the client says it is in its stream.
        var cursor: String?
        var headers: HTTPHeaders
        var body: String
        /// Which connection it came on, counted from 0.
        var connection: Int
        /// How many requests of the same path came before.
        var earlier = 0
        /// Whether others came before on the same connection.
        var isOnUsedConnection = false
        let time = ContinuousClock.now
    }

    enum Answer: Sendable {
        case json(String, etag: String? = nil)
        case status(UInt)
        /// A status, and how many seconds to wait.
        case refusal(UInt, retryAfter: Int)
        /// An event stream that begins with this and stays open.
        case stream(String)
        /// No answer: the connection is closed.
        case hangUp
    }

    /// Decides an answer.
    typealias Script = @Sendable (Request) -> Answer

    private struct Record {
        var requests: [Request] = []
        var counts: [String: Int] = [:]
        var usedConnections: Set<Int> = []
        var streams: [Int: any Channel] = [:]
        var connections: [Int: any Channel] = [:]
        var connectionCount = 0
    }

    private let script: Script
    private let record = Mutex(Record())
    private let listener: Mutex<(any Channel)?> = Mutex(nil)

    private init(_ script: @escaping Script) {
        self.script = script
    }

    static func start(_ script: @escaping Script) async throws -> StubService {
        let service = StubService(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 4_096)
            .childChannelInitializer { channel in
                let connection = service.opened(channel)
                channel.closeFuture.whenComplete { _ in service.closed(connection) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        StubHandler(service: service, connection: connection)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        service.listener.withLock { $0 = channel }
        return service
    }

    var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }

    func stop() async throws { try await listener.withLock { $0 }?.close() }

    /// All requests so far, in the order they came.
    var requests: [Request] { record.withLock { $0.requests } }

    func requests(for path: String) -> [Request] { requests.filter { $0.path == path } }

    /// How many requests of a path there were; for asking often.
    func count(of path: String) -> Int { record.withLock { $0.counts[path] ?? 0 } }

    var openStreams: Int { record.withLock { $0.streams.count } }

    var openConnections: Int { record.withLock { $0.connections.count } }

    /// Writes to every open stream.
    func send(_ text: String) {
        for channel in record.withLock({ Array($0.streams.values) }) {
            channel.writeAndFlush(
                HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))),
                promise: nil
            )
        }
    }

    /// Ends every open stream as a server does that is done with it.
    func endStreams() {
        let channels = record.withLock { record in
            defer { record.streams = [:] }
            return Array(record.streams.values)
        }
        for channel in channels { channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil) }
    }

    /// Closes every connection.
    func closeConnections() {
        for channel in record.withLock({ Array($0.connections.values) }) { channel.close(promise: nil) }
    }

    fileprivate func answer(to request: Request, on channel: any Channel) -> Answer {
        var request = request
        record.withLock { record in
            request.earlier = record.counts[request.path] ?? 0
            request.isOnUsedConnection = !record.usedConnections.insert(request.connection).inserted
            record.counts[request.path] = request.earlier + 1
            record.requests.append(request)
        }
        let answer = script(request)
        if case .stream = answer { record.withLock { $0.streams[request.connection] = channel } }
        return answer
    }

    private func opened(_ channel: any Channel) -> Int {
        record.withLock { record in
            defer { record.connectionCount += 1 }
            record.connections[record.connectionCount] = channel
            return record.connectionCount
        }
    }

    private func closed(_ connection: Int) {
        record.withLock { record in
            record.connections[connection] = nil
            record.streams[connection] = nil
        }
    }
}

private final class StubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let service: StubService
    private let connection: Int
    private var head: HTTPRequestHead?
    private var body = ""

    init(service: StubService, connection: Int) {
        self.service = service
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, "")
        case .body(let bytes): body += String(buffer: bytes)
        case .end: respond(context)
        }
    }

    private func respond(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        let query = parts.dropFirst().first?.split(separator: "&") ?? []
        func parameter(_ name: String) -> String? {
            query.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        let request = StubService.Request(
            method: head.method,
            path: String(parts[0]),
            client: parameter("client") ?? "",
            cursor: parameter("last_event_id"),
            headers: head.headers,
            body: body,
            connection: connection
        )
        switch service.answer(to: request, on: context.channel) {
        case .json(let text, let etag):
            var headers = HTTPHeaders([("Content-Type", "application/json")])
            if let etag { headers.add(name: "ETag", value: etag) }
            write(context, .ok, headers, text)
        case .status(let code):
            write(context, HTTPResponseStatus(statusCode: Int(code)), [:], "")
        case .refusal(let code, let wait):
            write(context, HTTPResponseStatus(statusCode: Int(code)), ["Retry-After": "\(wait)"], "")
        case .stream(let text):
            let head = HTTPResponseHead(
                version: .http1_1,
                status: .ok,
                headers: ["Content-Type": "text/event-stream"]
            )
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        case .hangUp:
            context.close(promise: nil)
        }
    }

    private func write(
        _ context: ChannelHandlerContext,
        _ status: HTTPResponseStatus,
        _ headers: HTTPHeaders,
        _ body: String
    ) {
        var headers = headers
        if status != .noContent, status != .notModified {
            headers.add(name: "Content-Length", value: String(body.utf8.count))
        }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
