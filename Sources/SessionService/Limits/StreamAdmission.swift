import HTTPTypes
import Synchronization

/// Lets streams in as far as the limits allow, before anything is answered.
final class StreamAdmission: Sendable {
    /// One stream's place among those that are open; given back once, at the latest when nobody holds it any more.
    final class Slot: Sendable {
        private let caller: Mutex<String?>
        private let admission: StreamAdmission

        fileprivate init(_ caller: String, of admission: StreamAdmission) {
            self.caller = Mutex(caller)
            self.admission = admission
        }

        deinit { release() }

        /// Gives the place back; a second time does nothing.
        func release() {
            let caller = caller.withLock { caller in
                defer { caller = nil }
                return caller
            }
            if let caller { admission.limiter.withLock { $0.release(caller) } }
        }
    }

    private let limiter: Mutex<StreamLimiter>
    private let metrics: ServiceMetrics
    private let start = ContinuousClock.now

    init(_ limiter: StreamLimiter, metrics: ServiceMetrics) {
        self.limiter = Mutex(limiter)
        self.metrics = metrics
    }

    /// How many places are taken.
    var count: Int { limiter.withLock { $0.count } }

    /// Whether there is a place, whoever asks.
    var hasRoom: Bool { limiter.withLock { $0.hasRoom } }

    /// Reserves a place.
    ///
    /// - Throws: What to answer when there is none: 429 when it is the caller's doing, else 503.
    func admit(_ caller: String) throws(Problem) -> Slot {
        let refusal = limiter.withLock { $0.reserve(caller, at: start.duration(to: .now)) }
        guard let refusal else { return Slot(caller, of: self) }
        metrics.streams.count(.limited)
        metrics.streams.count(refusal.error)
        let problem = Problem(refusal)
        if problem.status == .tooManyRequests { metrics.countLimited(route: Route.stream) }
        throw problem
    }
}

extension StreamLimiter.Refusal {
    fileprivate var error: StreamError {
        switch self {
        case .full: .limitGlobal
        case .callerFull: .limitClient
        case .callerRate, .rate: .connectRate
        }
    }
}

extension Problem {
    /// The answer to a client that may not open a stream.
    ///
    /// Where nobody knows when there will be room, the wait is random, so that not all come back at once.
    fileprivate init(_ refusal: StreamLimiter.Refusal) {
        let random = Int.random(in: 1...10)
        switch refusal {
        case .full:
            self.init(.serviceUnavailable, "there are too many streams", retryAfterSeconds: random)
        case .callerFull:
            self.init(.tooManyRequests, "you have too many streams", retryAfterSeconds: random)
        case .callerRate(let wait):
            self.init(.tooManyRequests, "you open streams too often", retryAfterSeconds: wait.wholeSeconds)
        case .rate:
            self.init(.serviceUnavailable, "too many streams are opened", retryAfterSeconds: random)
        }
    }
}

extension Duration {
    /// Whole seconds, rounded up; never none, as that would mean at once.
    var wholeSeconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) + (attoseconds > 0 ? 1 : 0))
    }
}
