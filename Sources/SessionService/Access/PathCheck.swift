import Hummingbird

/// Refuses paths that are written otherwise than they are meant, before anything is decided by them.
///
/// Routing skips empty parts, so that `//api/sessions/` would lead where `/api/sessions` does, past every check that
/// looks at the path.
struct PathCheck: RouterMiddleware {
    typealias Context = ServiceContext

    func handle(
        _ request: Request,
        context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard Self.isPlain(request.uri.path) else {
            return Problem(.notFound, "paths here have no empty parts and no slash at their end").response
        }
        return try await next(request, context)
    }

    /// Whether every part of a path says something.
    static func isPlain(_ path: String) -> Bool {
        path == "/" || (path.hasPrefix("/") && !path.hasSuffix("/") && !path.contains("//"))
    }
}
