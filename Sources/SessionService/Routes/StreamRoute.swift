import Assignment
import HTTPTypes
import Hummingbird

/// `GET /api/sse/sessions`: the list and everything that happens to it, for clients inside the flag.
struct StreamRoute: Sendable {
    let workload: Workload

    private static let cursorParameter: Substring = "last_event_id"
    private static let cursorHeader = HTTPField.Name("Last-Event-ID")
    /// Keeps nginx from holding events back until the stream ends.
    private static let bufferingHeader = HTTPField.Name("X-Accel-Buffering")

    func answer(_ request: Request, _ context: ServiceContext) throws(Problem) -> Response {
        let metrics = workload.metrics.streams
        try workload.injectFault()
        guard !workload.isDraining else {
            metrics.count(.draining)
            throw Problem(
                .serviceUnavailable,
                "the service is about to end",
                retryAfterSeconds: Int.random(in: 1...10)
            )
        }
        // 204 is what makes a browser stop asking.
        guard let client = context.client.name, context.assigned?.variant == .treatment else {
            metrics.count(.outside)
            return Response(status: .noContent, headers: [.cacheControl: "no-store"])
        }
        // Whoever asks for the head only opens nothing.
        guard request.method != .head else { return Response(status: .ok, headers: Self.headers) }
        guard workload.faults?.strikesStream() != true else {
            metrics.count(StreamOpening.fault)
            throw .injected
        }
        let task = StreamTask(
            workload: workload,
            client: client,
            caller: context.caller,
            slot: try workload.admission.admit(context.caller),
            loginEnds: context.loginEnds,
            cursor: Self.cursor(of: request),
            arrival: context.arrival,
            channel: context.channel
        )
        return Response(
            status: .ok,
            headers: Self.headers,
            body: ResponseBody { writer in try await task.write(to: &writer) }
        )
    }

    private static var headers: HTTPFields {
        var headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-cache, no-transform",
        ]
        if let bufferingHeader { headers[bufferingHeader] = "no" }
        return headers
    }

    /// Where the client says it is.
    ///
    /// A browser that reconnects by itself repeats the old address with a new header, so the header wins.
    static func cursor(of request: Request) -> StreamCursor? {
        let header = cursorHeader.flatMap { request.headers[$0] }
        let parameter = request.uri.queryParameters[cursorParameter].map(String.init)
        return (header ?? parameter).map { StreamCursor(parsing: $0) }
    }
}
