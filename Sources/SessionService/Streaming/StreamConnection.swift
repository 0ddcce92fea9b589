import Glibc
import NIOCore

/// The connection under a stream, as the stream sees it; used on the stream's event loop only.
protocol StreamConnection {
    /// Whether the client has read enough of what was written before.
    var isWritable: Bool { get }
    /// Writes at once; bytes are one chunk or more, see ``ByteBuffer/chunk``.
    func write(_ chunk: ByteBuffer)
    /// Closes at once, without an end.
    func close()
}

/// Carries a stream's events past the writer of its response, bounds what the connection buffers, and says when the
/// client is gone.
///
/// It stands between the socket and the HTTP encoder: its bytes are chunks already, the same for every stream, where
/// the encoder would make three writes of each.
final class StreamConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias OutboundOut = IOData

    /// The kernel would take megabytes before a slow reader is noticed.
    private static let sendBufferBytes = 64 * 1_024
    /// Told what happens; nil before and after a stream.
    var stream: OpenStream?
    private var context: ChannelHandlerContext?
    /// How long sent data may go unacknowledged; the kernel's default is a quarter of an hour.
    ///
    /// Small events fill the kernel's buffers long before the channel is unwritable, so that this is what a client
    /// runs into that reads nothing of them.
    private let stallMilliseconds: CInt

    init(stallLimit: Duration) {
        stallMilliseconds = CInt(clamping: max(1, stallLimit.milliseconds))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let timeout = NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)
        guard let options = context.channel.syncOptions else { return }
        // A connection that is already broken refuses them; its stream ends by itself.
        try? options.setOption(
            .socketOption(.so_sndbuf),
            value: SocketOptionValue(Self.sendBufferBytes)
        )
        try? options.setOption(.tcpOption(timeout), value: SocketOptionValue(stallMilliseconds))
        try? options.setOption(.writeBufferWaterMark, value: .init(low: 16 * 1_024, high: 32 * 1_024))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        stream?.disconnected()
        stream = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        stream?.disconnected()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if (error as? IOError)?.errnoCode == ETIMEDOUT { stream?.timedOut() }
        context.fireErrorCaught(error)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stream?.writabilityChanged()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Half-closing is allowed on every connection, but nobody reads a stream after that.
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}

extension StreamConnectionHandler: StreamConnection {
    var isWritable: Bool { context?.channel.isWritable == true }

    func write(_ chunk: ByteBuffer) {
        guard let context else { return }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenFailure { [weak self] error in
            // Closing the connection ourselves is no failure of a write.
            guard let error = error as? IOError, let stream = self?.stream else { return }
            if error.errnoCode == ETIMEDOUT { stream.timedOut() } else { stream.writeFailed() }
        }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(chunk)), promise: promise)
    }

    func close() { context?.close(promise: nil) }
}

extension ByteBuffer {
    /// These bytes as one chunk of HTTP's chunked transfer coding (RFC 9112 §7.1).
    var chunk: ByteBuffer {
        var chunk = ByteBuffer()
        chunk.reserveCapacity(readableBytes + 12)
        chunk.writeString("\(String(readableBytes, radix: 16))\r\n")
        chunk.writeImmutableBuffer(self)
        chunk.writeString("\r\n")
        return chunk
    }
}
