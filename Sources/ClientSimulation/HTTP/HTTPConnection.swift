import NIOCore
import NIOHTTP1

/// A connection that carries one request after another.
struct HTTPConnection: Sendable {
    private let channel: any Channel
    private let host: String
    private let limit: TimeAmount

    init(channel: any Channel, host: String, limit: TimeAmount) {
        self.channel = channel
        self.host = host
        self.limit = limit
    }

    /// Whether the connection could still be used a moment ago.
    var isOpen: Bool { channel.isActive }

    func close() { channel.close(promise: nil) }

    /// Sends a request and waits for its answer, whatever its status; cancelling closes the connection.
    ///
    /// - Throws: ``ClientFailure`` when there is no whole answer.
    func send(
        _ method: HTTPMethod,
        _ path: String,
        headers: [(String, String)] = [],
        body: String? = nil
    ) async throws(ClientFailure) -> HTTPAnswer {
        var fields = HTTPHeaders([("Host", host)] + headers)
        if let body {
            fields.add(name: "Content-Type", value: "application/json")
            fields.add(name: "Content-Length", value: String(body.utf8.count))
        }
        let exchange = HTTPExchange(
            request: HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: fields),
            body: body.map { ByteBuffer(string: $0) },
            limit: limit,
            answer: channel.eventLoop.makePromise()
        )
        // Where the channel is closed already nobody else would answer; a second failure changes nothing.
        channel.writeAndFlush(exchange).whenFailure { exchange.answer.fail($0) }
        do {
            return try await withTaskCancellationHandler {
                try await exchange.answer.futureResult.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            throw error as? ClientFailure ?? .connection("\(error)")
        }
    }
}
