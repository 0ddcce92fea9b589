import HTTPTypes
import Hummingbird

/// Keeps pages of other origins from changing anything, and lets those that are listed read.
struct OriginCheck: RouterMiddleware {
    let origins: Origins

    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
    private static let changing: Set<HTTPRequest.Method> = [.post, .put, .patch, .delete]

    func handle(
        _ request: Request,
        context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let relation = origins.relation(
            of: request.headers[.origin],
            to: request.head.authority,
            fetchSite: Self.fetchSite.flatMap { request.headers[$0] }
        )
        var response = await answer(request, context, relation, next)
        if origins.isListing { response.headers.append(HTTPField(name: .vary, value: "Origin")) }
        if case .listed(let origin) = relation {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlAllowCredentials] = "true"
            response.headers[.accessControlExposeHeaders] = "ETag, Location, Retry-After"
        }
        return response
    }

    /// The answer, a refusal among them: pages that may read answers may read those too.
    private func answer(
        _ request: Request,
        _ context: ServiceContext,
        _ relation: Origins.Relation,
        _ next: (Request, ServiceContext) async throws -> Response
    ) async -> Response {
        if case .listed = relation, Self.isPreflight(request) { return Self.preflight }
        if relation == .foreign, Self.changing.contains(request.method) {
            return Problem(
                .forbidden,
                "pages of other origins may change nothing; --allow-origin lists those that may"
            )
            .response
        }
        do {
            return try await next(request, context)
        } catch {
            return Problem(error).response
        }
    }

    private static func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers[.accessControlRequestMethod] != nil
    }

    private static var preflight: Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: "GET, POST, PATCH, PUT, DELETE",
                .accessControlAllowHeaders: "Authorization, Content-Type, If-None-Match, Last-Event-ID",
                .accessControlMaxAge: "600",
            ]
        )
    }
}
