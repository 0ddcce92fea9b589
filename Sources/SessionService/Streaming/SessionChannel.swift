import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// HTTP/1.1 as Hummingbird serves it, on connections that read little at a time.
///
/// Requests are short and thousands of streams send nothing at all: their read buffers would only wait.
struct SessionChannel: ServerChildChannel {
    private let base: HTTP1Channel

    private static let readBytes = 1_024

    /// - Parameters:
    ///   - responder: Answers requests.
    ///   - idleLimit: How long a connection may wait for a request, or for the rest of one; an answer under way, such
    ///     as a stream, may take as long as it likes.
    init(responder: @escaping HTTPChannelHandler.Responder, idleLimit: Duration) {
        base = HTTP1Channel(
            responder: responder,
            configuration: .init(idleTimeout: TimeAmount(idleLimit))
        )
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.readBytes))
            .flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
