import NIOCore
import NIOHTTP1
import NIOPosix

/// Where the service is, and how to connect to it.
struct ServiceEndpoint: Sendable {
    private let port: Int
    private let group: any EventLoopGroup
    private let timings: Timings

    init(port: Int, group: any EventLoopGroup, timings: Timings) {
        self.port = port
        self.group = group
        self.timings = timings
    }

    private var host: String { "127.0.0.1:\(port)" }

    private var bootstrap: ClientBootstrap {
        ClientBootstrap(group: group).connectTimeout(TimeAmount(timings.request))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            // Events and answers are small; the usual buffers would be most of a client's memory.
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 1_024, maximum: 65_536)
            )
    }

    /// A connection for requests.
    func connect() async throws(ClientFailure) -> HTTPConnection {
        do {
            return try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(RequestHandler())
                    return HTTPConnection(channel: channel, host: host, limit: TimeAmount(timings.request))
                }
            }
        } catch {
            throw .connection("\(error)")
        }
    }

    /// The events of a stream on a connection of its own, which closes when they are no longer read.
    ///
    /// A next event may take no longer than `patience`.
    func events(
        of path: String,
        headers: [(String, String)] = [],
        patience: Duration
    ) async throws(ClientFailure) -> EventStreamHandler.Events {
        let (events, continuation) = EventStreamHandler.Events.makeStream()
        let request = HTTPRequestHead(
            version: .http1_1,
            method: .GET,
            uri: path,
            headers: HTTPHeaders(
                [("Host", host), ("Accept", "text/event-stream"), ("Cache-Control", "no-cache")] + headers
            )
        )
        do {
            let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        EventStreamHandler(
                            request: request,
                            events: continuation,
                            firstWait: TimeAmount(timings.firstEvent),
                            wait: TimeAmount(patience)
                        )
                    )
                    return channel
                }
            }
            continuation.onTermination = { _ in channel.close(promise: nil) }
            return events
        } catch {
            throw .connection("\(error)")
        }
    }
}
