import Glibc
import NIOCore

/// The NIO channel of a stream.
struct StreamChannel: StreamConnection {
    let channel: any Channel

    func after(_ delay: Duration, _ work: @escaping @Sendable () -> Void) {
        channel.eventLoop.scheduleTask(in: TimeAmount(delay), work)
    }

    func cut() {
        channel.close(promise: nil)
    }

    /// Makes the connection fit for a long answer in small pieces.
    ///
    /// - Parameter onClose: Called when the connection is closed, however that comes about. It is kept until then,
    ///   which may be long after the stream.
    /// - Returns: What gives the connection back to ordinary requests once the stream has ended.
    /// - Throws: When the connection is closed already.
    func prepare(onClose: @escaping @Sendable () -> Void) async throws -> @Sendable () -> Void {
        let handler = StreamConnectionHandler()
        try await channel.pipeline.addHandler(handler, position: .first).get()
        channel.closeFuture.whenComplete { _ in onClose() }
        return { [channel] in channel.pipeline.removeHandler(handler, promise: nil) }
    }
}

/// Bounds what a connection buffers, and closes it when its client stops sending.
private final class StreamConnectionHandler: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    /// The kernel would take megabytes before a slow reader is noticed.
    private static let sendBufferBytes = 64 * 1_024
    /// How long sent data may go unacknowledged; the kernel's default is a quarter of an hour.
    private static let userTimeoutMilliseconds: CInt = 30_000

    func handlerAdded(context: ChannelHandlerContext) {
        let timeout = NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)
        let channel = context.channel
        channel.setOption(.socketOption(.so_sndbuf), value: SocketOptionValue(Self.sendBufferBytes))
            .and(
                channel.setOption(.tcpOption(timeout), value: SocketOptionValue(Self.userTimeoutMilliseconds))
            )
            .and(channel.setOption(.writeBufferWaterMark, value: .init(low: 16 * 1_024, high: 32 * 1_024)))
            // A connection that is already broken refuses them; its stream ends by itself.
            .whenFailure { _ in }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Half-closing is allowed on every connection, but nobody reads a stream after that.
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
