import HTTPTypes
import Hummingbird

/// Finds out who is asking, bounds how often, and asks for a login where one is needed.
struct CallerCheck: RouterMiddleware {
    let workload: Workload

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")
    private static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")

    func handle(
        _ request: Request,
        context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        // The page, probes and scrapes: whoever loads them has not asked for anything yet.
        guard path.hasPrefix("/api/") else { return try await next(request, context) }
        var context = context
        let source = source(of: request, context)
        context.source = source
        context.caller = source.key
        // Here the login comes with the request, or is given up.
        let isLogin = path == Route.login || path == Route.logout
        let standing = isLogin ? .open : try standing(of: request, from: source)
        if case .login(let login) = standing {
            context.caller = login.caller
            context.loginEnds = login.endsInstant
        }
        context.standing = standing
        try bound(path, context)
        switch standing {
        case .open, .login:
            guard context.client != .malformed else {
                throw Problem(.badRequest, "'client' is not 1 to 128 visible ASCII characters")
            }
            return try await next(request, context)
        case .missing, .wrong, .ended:
            if path == Route.stream { workload.metrics.streams.count(.auth) }
            throw Problem(.unauthorized, standing.refusal)
        }
    }

    private func standing(of request: Request, from source: RequestSource) throws(Problem) -> Standing {
        do {
            return try workload.rules.logins.standing(of: request, from: source)
        } catch {
            workload.metrics.countLimited(route: Route.login)
            throw error
        }
    }

    private func bound(_ path: String, _ context: ServiceContext) throws(Problem) {
        guard let wait = workload.requestLimits.wait(for: path, of: context.caller) else { return }
        workload.metrics.countLimited(route: context.endpointPath ?? "unmatched")
        throw .limited("you send too many requests", retryAfter: wait)
    }

    private func source(of request: Request, _ context: ServiceContext) -> RequestSource {
        func all(_ name: HTTPField.Name?) -> String? {
            name.map { request.headers[values: $0].joined(separator: ",") }
        }
        return workload.rules.proxies.source(
            peer: context.channel.remoteAddress?.ipAddress,
            forwardedFor: all(Self.forwardedFor),
            forwardedProto: all(Self.forwardedProto)
        )
    }
}

extension Standing {
    /// Why a request without a good login is refused.
    fileprivate var refusal: String {
        switch self {
        case .ended: "your login has ended; log in again"
        case .wrong: "this token is nobody's"
        case .open, .login, .missing: "a login is needed: POST /api/login, or an Authorization header"
        }
    }
}
