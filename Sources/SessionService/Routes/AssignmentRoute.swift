import Assignment
import Hummingbird

/// `GET /api/assignment`: which transport a client should use, and why.
struct AssignmentRoute: Sendable {
    let workload: Workload

    private static let yearSeconds = 365 * 24 * 60 * 60

    func answer(_ context: ServiceContext) -> Response {
        let assigned =
            context.assigned ?? Assigned(variant: .control, bucket: nil, reason: .targetingKeyMissing)
        let allocation = workload.flag.assigner.allocation
        let body = Body(assigned, under: allocation, workload.settings)
        var response = Response.json(body, cacheControl: "private, no-store")
        if case .minted(let name) = context.client {
            response.setCookie(
                Cookie(
                    name: ClientIdentity.cookie,
                    value: name,
                    maxAge: Self.yearSeconds,
                    path: "/",
                    httpOnly: true,
                    sameSite: .lax
                )
            )
        }
        return response
    }
}

/// What a client is told.
private struct Body: Encodable {
    var mode: String
    var bucket: UInt32?
    var percentage: Percentage
    var flagVersion: Int
    var reason: String
    var pollMs: Int
    var hb: Int
    var ttlMs: Int

    init(_ assigned: Assigned, under allocation: Allocation, _ settings: ServiceSettings) {
        mode =
            switch assigned.variant {
            case .treatment: "sse"
            case .control: "polling"
            }
        bucket = assigned.bucket
        percentage = allocation.exposure
        flagVersion = allocation.revision
        reason = assigned.reason == .disabled ? "disabled" : "rollout"
        pollMs = settings.pollInterval.milliseconds
        hb = settings.pingInterval.milliseconds
        ttlMs = settings.assignmentLifetime.milliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case mode, bucket, percentage, flagVersion, reason, pollMs, hb, ttlMs
    }

    /// Writes `bucket` as null where there is none, so that every answer has the same members.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mode, forKey: .mode)
        try container.encode(bucket, forKey: .bucket)
        try container.encode(percentage, forKey: .percentage)
        try container.encode(flagVersion, forKey: .flagVersion)
        try container.encode(reason, forKey: .reason)
        try container.encode(pollMs, forKey: .pollMs)
        try container.encode(hb, forKey: .hb)
        try container.encode(ttlMs, forKey: .ttlMs)
    }
}
