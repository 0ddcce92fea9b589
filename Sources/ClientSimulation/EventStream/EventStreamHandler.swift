import NIOCore
import NIOHTTP1

/// Sends one request for a stream and hands on its events, for as long as they keep coming.
///
/// Lives on its channel's event loop. The events end with an error whatever happens: with ``ClientFailure/ended``
/// at the latest.
final class EventStreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart
    typealias Events = AsyncThrowingStream<ServerSentEvent, any Error>

    private let request: HTTPRequestHead
    private let events: Events.Continuation
    private let firstWait: TimeAmount
    private let wait: TimeAmount
    private var parser = EventStreamParser()
    private var latest = NIODeadline.now()
    private var hasEvent = false
    private var watchdog: Scheduled<Void>?

    /// A handler for one stream.
    ///
    /// - Parameters:
    ///   - request: What to ask for.
    ///   - events: Where they go.
    ///   - firstWait: How long the first event may take.
    ///   - wait: How long the next event may take.
    init(
        request: HTTPRequestHead,
        events: Events.Continuation,
        firstWait: TimeAmount,
        wait: TimeAmount
    ) {
        self.request = request
        self.events = events
        self.firstWait = firstWait
        self.wait = wait
    }

    func channelActive(context: ChannelHandlerContext) {
        latest = .now()
        watch(context)
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard head.status == .ok else {
                return end(context, .answer(Int(head.status.code), head.headers))
            }
            let type = head.headers.first(name: "content-type") ?? ""
            guard type.hasPrefix("text/event-stream") else {
                return end(context, .malformed("a stream of type \"\(type)\""))
            }
        case .body(let bytes):
            do {
                let found = try parser.events(in: bytes.readableBytesView)
                guard !found.isEmpty else { return }
                latest = .now()
                if !hasEvent {
                    // The next one may have to come sooner than the first.
                    hasEvent = true
                    watchdog?.cancel()
                    watch(context)
                }
                for event in found { events.yield(event) }
            } catch {
                end(context, error)
            }
        case .end:
            end(context, .ended)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, .connection("\(error)"))
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(context, .ended)
        context.fireChannelInactive()
    }

    /// The first cause stays: ending twice changes nothing.
    private func end(_ context: ChannelHandlerContext, _ failure: ClientFailure) {
        watchdog?.cancel()
        events.finish(throwing: failure)
        context.close(promise: nil)
    }

    /// Looks again when an event has to have come; one timer for many events.
    private func watch(_ context: ChannelHandlerContext) {
        let deadline = latest + (hasEvent ? wait : firstWait)
        watchdog = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            if NIODeadline.now() >= self.latest + (self.hasEvent ? self.wait : self.firstWait) {
                self.end(context, .silent)
            } else {
                self.watch(context)
            }
        }
    }
}
