import Logging

/// One client: it does what is due, then sleeps until the next thing is.
///
/// While a stream lives the client reads it and asks for its assignment from time to time; otherwise it polls, as
/// its assignment says or until the next attempt at a stream.
actor SimulatedClient {
    typealias Instant = ContinuousClock.Instant

    let id: String
    /// What a proxy would say about where the client is; limits are kept by that.
    let forwarding: [(String, String)]
    let service: ServiceEndpoint
    let timings: Timings
    private let logger: Logger
    var random: ClientRandom

    /// What the service said last; nil before it has said anything.
    var assignment: Assignment?
    var assignmentIsDue = ContinuousClock.now
    var pollIsDue = ContinuousClock.now
    var streamIsDue = ContinuousClock.now
    /// Failures since a stream last proved stable.
    private var failures = 0

    /// Kept alive from poll to poll.
    var connection: HTTPConnection?
    var entityTag: String?
    /// How much of the list's history the client knows from streams.
    var progress = StreamProgress()
    /// A failure that the service has not been told.
    var owesReport = false

    init(
        id: String,
        address: String,
        service: ServiceEndpoint,
        random: ClientRandom,
        timings: Timings,
        logger: Logger
    ) {
        self.id = id
        forwarding = [("X-Forwarded-For", address)]
        self.service = service
        self.random = random
        self.timings = timings
        self.logger = logger
    }

    /// Uses the service until the task is cancelled.
    func run() async {
        do {
            try await Task.sleep(for: random.duration(upTo: timings.startSpread))
            while true {
                await act()
                try await Task.sleep(until: nextDue(), clock: .continuous)
            }
        } catch {
            // Only sleeping throws, and only when the task was cancelled.
            hangUp()
        }
    }

    /// Does what is due, the assignment first.
    private func act() async {
        if Self.isPast(assignmentIsDue) { await refreshAssignment() }
        guard let assignment else { return }
        if assignment.mode == .sse, Self.isPast(streamIsDue) { return await stream(under: assignment) }
        await pollIfDue(under: assignment)
    }

    func pollIfDue(under assignment: Assignment) async {
        if Self.isPast(pollIsDue) { await poll(under: assignment) }
    }

    private func nextDue() -> Instant {
        switch assignment?.mode {
        case nil: assignmentIsDue
        case .polling: min(assignmentIsDue, pollIsDue)
        case .sse: min(assignmentIsDue, pollIsDue, streamIsDue)
        }
    }

    private static func isPast(_ instant: Instant) -> Bool { instant <= ContinuousClock.now }

    /// The next delay before another attempt, longer on average with each.
    func nextBackoff() -> Duration {
        defer { failures += 1 }
        return timings.backoff.delay(after: failures, using: &random)
    }

    /// The delay after a failure, never shorter than the service asked for.
    func nextAttempt(after failure: ClientFailure) -> Duration {
        max(nextBackoff(), failure.retryAfter)
    }

    /// Forgets earlier failures.
    func provedStable() { failures = 0 }

    func note(_ failure: ClientFailure, in action: String) {
        logger.debug("\(action) failed", metadata: ["client": "\(id)", "failure": "\(failure)"])
    }
}
