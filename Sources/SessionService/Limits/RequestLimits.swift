import HTTPTypes
import Synchronization

/// How often callers may ask, each path by its own measure.
///
/// Streams have a measure of their own, which is applied where they are opened.
final class RequestLimits: Sendable {
    private let requests: Mutex<RateLimiter>
    private let assignments: Mutex<RateLimiter>
    private let start = ContinuousClock.now

    init(_ limits: ServiceLimits) {
        requests = Mutex(RateLimiter(limit: limits.requests, window: limits.window))
        assignments = Mutex(RateLimiter(limit: limits.assignments, window: limits.window))
    }

    /// Counts a request.
    ///
    /// - Returns: How long its caller has to wait before one is taken again; nil where this one is.
    func wait(for path: String, of caller: String) -> Duration? {
        let now = start.duration(to: .now)
        let verdict: RateLimiter.Verdict
        switch path {
        case Route.stream: return nil
        case Route.assignment: verdict = assignments.withLock { $0.admit(caller, at: now) }
        default: verdict = requests.withLock { $0.admit(caller, at: now) }
        }
        return if case .refused(let wait) = verdict { wait } else { nil }
    }
}

extension Problem {
    /// Too much of something, and how long to wait, in whole seconds rounded up.
    static func limited(_ detail: String, retryAfter wait: Duration) -> Problem {
        Problem(.tooManyRequests, detail, retryAfterSeconds: wait.wholeSeconds)
    }
}
