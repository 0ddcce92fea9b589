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
        let advice = TransportAdvice(assigned, hasRoom: hasRoom(for: context.client.name))
        workload.metrics.countAssignment(mode: advice.mode.rawValue, reason: advice.reason.rawValue)
        let body = Body(assigned, advice, under: allocation, workload.settings)
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

    /// Whether a client's stream would be taken, or is open already: it must not leave because others wait.
    private func hasRoom(for client: String?) -> Bool {
        workload.admission.hasRoom || workload.store.streams.contains { $0.client == client }
    }
}

/// How a client should follow the list, and why.
///
/// What is counted for a client stays the variant it was assigned, also where it is told to poll because the service
/// is full: else a treatment that does not fit would look better than it is.
struct TransportAdvice: Sendable, Equatable {
    enum Mode: String, Sendable {
        case sse
        case polling
    }

    enum Reason: String, Sendable {
        /// The client's bucket decided.
        case rollout
        /// The flag is off.
        case disabled
        /// The client is named in a list that wins over its bucket.
        case override
        /// The client has the flag, but there are as many streams as the service takes.
        case capacity
    }

    var mode: Mode
    var reason: Reason

    init(_ assigned: Assigned, hasRoom: Bool) {
        reason =
            switch assigned.reason {
            case .disabled: .disabled
            case .targetingMatch: .override
            case .split, .targetingKeyMissing: .rollout
            }
        switch assigned.variant {
        case .control: mode = .polling
        case .treatment where hasRoom: mode = .sse
        case .treatment: (mode, reason) = (.polling, .capacity)
        }
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
    var firstEventMs: Int
    var probeMs: Int
    var suspendMs: Int

    init(
        _ assigned: Assigned,
        _ advice: TransportAdvice,
        under allocation: Allocation,
        _ settings: ServiceSettings
    ) {
        mode = advice.mode.rawValue
        bucket = assigned.bucket
        percentage = allocation.exposure
        flagVersion = allocation.revision
        reason = advice.reason.rawValue
        pollMs = settings.pollInterval.milliseconds
        hb = settings.pingInterval.milliseconds
        ttlMs = settings.assignmentLifetime.milliseconds
        firstEventMs = settings.firstEventWithin.milliseconds
        probeMs = settings.probeInterval.milliseconds
        suspendMs = settings.suspendAfter.milliseconds
    }

    private enum CodingKeys: String, CodingKey {
        case mode, bucket, percentage, flagVersion, reason, pollMs, hb, ttlMs, firstEventMs, probeMs,
            suspendMs
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
        try container.encode(firstEventMs, forKey: .firstEventMs)
        try container.encode(probeMs, forKey: .probeMs)
        try container.encode(suspendMs, forKey: .suspendMs)
    }
}
