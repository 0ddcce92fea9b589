import Hummingbird

/// `POST /api/client-reports`: what a client saw that the service cannot see.
struct ReportsRoute: Sendable {
    let workload: Workload

    private static let members = ["failed", "mode", "reason"]

    private struct Report: Decodable {
        var failed: Bool?
        var mode: ClientTransport.Mode?
        var reason: ClientTransport.Reason?
    }

    func answer(_ request: Request, _ context: ServiceContext) async throws -> Response {
        guard let client = context.client.name else {
            throw Problem(.badRequest, "a report needs a 'client' parameter or the cookie 'cid'")
        }
        let report = try await RequestObject.read(Report.self, members: Self.members, of: request)
        guard report.failed != nil || report.mode != nil || report.reason != nil else {
            throw Problem(.badRequest, "neither 'failed' nor 'mode' is there")
        }
        switch (report.mode, report.reason) {
        case (let mode?, let reason?):
            workload.metrics.countTransport(mode: mode.rawValue, reason: reason.rawValue)
        case (nil, nil): break
        case (_, nil): throw Problem(.badRequest, "'mode' is there without 'reason'")
        case (nil, _): throw Problem(.badRequest, "'reason' is there without 'mode'")
        }
        workload.minutes.saw(client, failed: report.failed ?? false)
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}

/// What a page says about how it follows the list; closed lists, as they become labels.
enum ClientTransport {
    enum Mode: String, Decodable {
        case sse
        case polling
        case offline
    }

    enum Reason: String, Decodable, CaseIterable {
        /// The page has just begun.
        case initial
        /// Streams failed, so it polls.
        case fallback
        /// Streams work again.
        case recovered
        /// The flag has changed for this client.
        case reassign
        /// The service was full.
        case capacity
        /// The service asked it to connect again.
        case drain
        /// It was hidden and is back.
        case resumed
        /// It was hidden for long and let go.
        case suspended
        /// The network is gone, or back.
        case network
        /// Its login ended, or it has logged in.
        case login
    }
}
