import NIOCore
import NIOHTTP1
import NIOPosix

/// One request and its answer, on a connection of its own.
struct HTTPExchange: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: String

    /// Sends a request and reads the whole answer.
    static func send(
        _ method: HTTPMethod = .GET,
        port: Int,
        _ path: String,
        headers: HTTPHeaders = [:],
        body: String = ""
    ) async throws -> HTTPExchange {
        let channel = try await connect(port: port)
        return try await channel.executeThenClose { inbound, outbound in
            try await write(request: method, path, headers, body, to: outbound)
            var answer: HTTPExchange?
            for try await part in inbound {
                switch part {
                case .head(let head):
                    answer = HTTPExchange(status: Int(head.status.code), headers: head.headers, body: "")
                case .body(let bytes): answer?.body += String(buffer: bytes)
                case .end:
                    guard let answer else { throw Cut() }
                    return answer
                }
            }
            throw Cut()
        }
    }

    /// The answer ended in the middle, or there was none.
    struct Cut: Error {}

    typealias ClientChannel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// A connection that breaks off when a test waits for something that does not come.
    static func connect(port: Int) async throws -> ClientChannel {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.scheduleTask(in: .seconds(25)) { channel.close(promise: nil) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        // Not while it connects: one that nobody gets, as nobody listens any more, would end the process.
        return try await channel.eventLoop.submit {
            try ClientChannel(wrappingChannelSynchronously: channel)
        }
        .get()
    }

    static func write(
        request method: HTTPMethod = .GET,
        _ path: String,
        _ headers: HTTPHeaders = [:],
        _ body: String = "",
        to outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    ) async throws {
        var headers = headers
        if !headers.contains(name: "Host") { headers.add(name: "Host", value: "127.0.0.1") }
        headers.add(name: "Content-Length", value: "\(body.utf8.count)")
        try await outbound.write(
            .head(HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers))
        )
        try await outbound.write(.body(.byteBuffer(ByteBuffer(string: body))))
        try await outbound.write(.end(nil))
    }
}
