import HTTPTypes
import Hummingbird

/// `GET /api/sessions`: the whole list, for clients that poll.
struct SessionsRoute: Sendable {
    let workload: Workload

    func answer(_ request: Request) async throws(Problem) -> Response {
        try workload.injectFault()
        // Whoever has just changed something sees it.
        await workload.store.settled()
        let (body, head) = workload.store.document()
        let tag = "\"\(head)\""
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "private, no-cache"]
        if let known = request.headers[.ifNoneMatch], Self.matches(known, tag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "application/json"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }

    /// Whether an `If-None-Match` has this tag; weak ones match too, as RFC 9110 §13.1.2 compares them.
    static func matches(_ header: String, _ tag: String) -> Bool {
        header.split(separator: ",").contains { part in
            let text = part.drop { $0 == " " || $0 == "\t" }
            let trimmed = text.prefix { $0 != " " && $0 != "\t" }
            return trimmed == "*" || trimmed == tag || trimmed == "W/\(tag)"
        }
    }
}
