import Hummingbird

/// `POST /api/login`, `/api/logout` and `/api/tickets`: who is who.
struct LoginRoutes: Sendable {
    let workload: Workload

    private struct Credentials: Decodable {
        var token: String
    }

    private struct Ticket: Encodable {
        var ticket: String
        var expiresMs: Int
    }

    func add(to router: Router<ServiceContext>) {
        router.post("/api/login") { request, context in try await logIn(request, context) }
        router.post("/api/logout") { _, _ in
            var response = Response(status: .noContent, headers: [.cacheControl: "no-store"])
            response.setCookie(Logins.noCookie)
            return response
        }
        router.post("/api/tickets") { _, context in try ticket(context) }
    }

    private func logIn(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let token = try await token(of: request)
        var response = Response(status: .noContent, headers: [.cacheControl: "no-store"])
        switch try standing(of: token, context) {
        case .open: break
        case .login(let login):
            response.setCookie(
                Logins.cookie(token: token, login: login, isSecure: context.source?.isSecure ?? false)
            )
        case .ended: throw Problem(.unauthorized, "this token's time is over")
        case .wrong, .missing: throw Problem(.unauthorized, "this token is nobody's")
        }
        return response
    }

    private func token(of request: Request) async throws -> String {
        if let token = Logins.bearer(of: request) { return token }
        let body = try await RequestObject.read(Credentials.self, members: ["token"], of: request)
        return String(body.token.prefix(Logins.longestToken))
    }

    private func standing(of token: String, _ context: ServiceContext) throws(Problem) -> Standing {
        do {
            let source = context.source ?? RequestSource(key: context.caller)
            return try workload.rules.logins.standing(of: token, from: source)
        } catch {
            workload.metrics.countLimited(route: Route.login)
            throw error
        }
    }

    private func ticket(_ context: ServiceContext) throws(Problem) -> Response {
        guard let ticket = workload.rules.logins.ticket(for: context.standing) else {
            throw Problem(.serviceUnavailable, "too many tickets are out", retryAfterSeconds: 30)
        }
        return .json(Ticket(ticket: ticket, expiresMs: Tickets.lifetimeMilliseconds))
    }
}
