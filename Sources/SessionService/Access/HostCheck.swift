import HTTPTypes
import Hummingbird

/// Refuses requests that are meant for another host, whoever sent them here.
struct HostCheck: RouterMiddleware {
    let hosts: HostNames

    func handle(
        _ request: Request,
        context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        // Every browser names the host; what does not is no page.
        if let authority = request.head.authority, !authority.isEmpty, !hosts.allow(authority) {
            throw Problem(
                .misdirectedRequest,
                "this service is not known as '\(authority.prefix(100))'; --allow-host makes it so"
            )
        }
        return try await next(request, context)
    }
}
