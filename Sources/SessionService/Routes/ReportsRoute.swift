import FoundationEssentials
import Hummingbird

/// `POST /api/client-reports`: what a client saw fail that the service cannot see.
struct ReportsRoute: Sendable {
    let workload: Workload

    private struct Report: Decodable {
        var failed: Bool
    }

    func answer(_ request: Request, _ context: ServiceContext) async throws -> Response {
        guard let client = context.client.name else {
            throw Problem(.badRequest, "a report needs a 'client' parameter or the cookie 'cid'")
        }
        let bytes = try await request.body.collect(upTo: 4 * 1_024)
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(bytes.readableBytesView)) else {
            throw Problem(.badRequest, #"a report reads {"failed": true}"#)
        }
        workload.minutes.saw(client, failed: report.failed)
        return Response(status: .noContent)
    }
}
