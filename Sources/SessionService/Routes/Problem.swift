import Hummingbird
import NIOCore

/// An answer that says what is wrong, as `application/problem+json` (RFC 9457).
struct Problem: HTTPResponseError, Equatable {
    var status: HTTPResponse.Status
    var detail: String
    /// Seconds after which the client may try again; nil leaves it open.
    var retryAfterSeconds: Int?

    init(_ status: HTTPResponse.Status, _ detail: String, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The answer to any error a route ends with.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as NIOTooManyBytesError:
            let most = error.maxBytes.map { " \($0) bytes" } ?? " is taken"
            self.init(.contentTooLarge, "the body is longer than\(most)")
        case let error as any HTTPResponseError: self.init(error.status, error.status.reasonPhrase)
        default: self.init(.internalServerError, "the request could not be answered")
        }
    }

    var response: Response {
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if status == .unauthorized { headers[.wwwAuthenticate] = #"Bearer realm="session-server""# }
        if let retryAfterSeconds { headers[.retryAfter] = "\(retryAfterSeconds)" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    func response(from request: Request, context: some RequestContext) -> Response { response }

    private struct Body: Encodable {
        var type = "about:blank"
        var title: String
        var status: Int
        var detail: String
    }

    private var body: ByteBuffer {
        let body = Body(title: status.reasonPhrase, status: status.code, detail: detail)
        return ByteBuffer(string: WireJSON.text(of: body))
    }
}
