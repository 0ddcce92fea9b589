import Assignment
import Hummingbird

/// Says who sent a request, turns errors into answers, and counts both.
struct RequestAccounting: RouterMiddleware {
    typealias Context = ServiceContext

    let workload: Workload

    /// Methods that may be a label; a client may send any word.
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    func handle(
        _ request: Request,
        context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        // Probes and scrapes would thin out every ratio.
        guard path.hasPrefix("/api/") else {
            return hardened(await answer(request, context, next))
        }
        var context = context
        context.client = ClientIdentity(request)
        if path == Route.assignment, context.client == .anonymous { context.client = .mint() }
        let assigner = workload.flag.assigner
        context.assigned = context.client.name.map { assigner.assign($0) }
        let response = hardened(await answer(request, context, next))
        count(response, to: request, context)
        return response
    }

    private func answer(
        _ request: Request,
        _ context: ServiceContext,
        _ next: (Request, ServiceContext) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch {
            return Problem(error).response
        }
    }

    /// Keeps browsers from taking an answer for something it does not say it is.
    private func hardened(_ response: Response) -> Response {
        var response = response
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private func count(_ response: Response, to request: Request, _ context: ServiceContext) {
        let route = context.endpointPath ?? "unmatched"
        let method = request.method.rawValue
        workload.metrics.count(
            ServiceMetrics.Answered(
                route: route,
                method: Self.methods.contains(method) ? method : "other",
                status: response.status.code,
                variant: context.assigned?.variant,
                transport: Route.transport(of: route),
                duration: context.arrival.duration(to: .now)
            )
        )
        // A name that was only just given away may never be used.
        guard case .known(let client) = context.client, Self.isUse(response.status) else { return }
        guard response.status != .tooManyRequests else { return workload.minutes.turnedAway(client) }
        workload.minutes.saw(client, failed: Self.isFailure(response, whileDraining: workload.isDraining))
    }

    /// Whether a client used the service; who is not let in does not.
    private static func isUse(_ status: HTTPResponse.Status) -> Bool {
        ![.unauthorized, .misdirectedRequest].contains(status)
    }

    /// Whether something failed for the client.
    ///
    /// A request that was turned away because there were too many failed for its client, too, whoever is to blame:
    /// the list it shows stays old. What is compared is how clients fare who were assigned one way or the other, and
    /// running into limits less often is part of that. But such a request brings no new client: names are free, and
    /// whoever makes them up could fail as many minutes as they like.
    ///
    /// A process that is about to end and says when to come back is no failure: the next one has the list, and a
    /// deploy would otherwise count against the variant whose clients come back sooner.
    static func isFailure(_ response: Response, whileDraining isDraining: Bool) -> Bool {
        let status = response.status
        if isDraining, status == .serviceUnavailable, response.headers[.retryAfter] != nil { return false }
        return status.code >= 500 || status == .tooManyRequests
    }
}
