import NIOCore
import NIOHTTP1

/// A whole answer.
struct HTTPAnswer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: ByteBuffer
}

/// A request on its way, and who waits for the answer.
struct HTTPExchange: Sendable {
    var request: HTTPRequestHead
    var body: ByteBuffer?
    /// How long the whole answer may take.
    var limit: TimeAmount
    var answer: EventLoopPromise<HTTPAnswer>
}

/// Carries requests, one after the other, over one connection that is kept alive.
///
/// Lives on its channel's event loop. After a failure the connection is closed.
final class RequestHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPExchange
    typealias OutboundOut = HTTPClientRequestPart

    private static let largestBody = 16 << 20

    private var current: HTTPExchange?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    private var deadline: Scheduled<Void>?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        // A client asks one thing at a time; a second question would get the first one's answer.
        guard current == nil else { return exchange.answer.fail(ClientFailure.connection("busy")) }
        current = exchange
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: exchange.limit) {
            self.fail(context, .timeout)
        }
        context.write(wrapOutboundOut(.head(exchange.request)), promise: nil)
        if let body = exchange.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var bytes):
            body.writeBuffer(&bytes)
            if body.readableBytes > Self.largestBody { fail(context, .malformed("an endless answer")) }
        case .end:
            guard let exchange = current, let head else { return fail(context, .malformed("no question")) }
            deadline?.cancel()
            current = nil
            if !head.isKeepAlive { context.close(promise: nil) }
            exchange.answer.succeed(
                HTTPAnswer(status: Int(head.status.code), headers: head.headers, body: body)
            )
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(context, .connection("\(error)"))
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, .connection("closed"))
        context.fireChannelInactive()
    }

    private func fail(_ context: ChannelHandlerContext, _ failure: ClientFailure) {
        deadline?.cancel()
        current?.answer.fail(failure)
        current = nil
        context.close(promise: nil)
    }
}
