/// Decides who may open a stream.
///
/// A value: time comes in as the time since any fixed moment, and never goes back.
struct StreamLimiter: Sendable {
    /// Why a stream may not be opened.
    enum Refusal: Sendable, Hashable {
        /// As many streams are open as the service takes.
        case full
        /// The caller has as many as it may have.
        case callerFull
        /// The caller opens them too fast; the next may be opened after so long.
        case callerRate(retryAfter: Duration)
        /// All callers together open them too fast.
        case rate
    }

    private let capacity: Int
    private let perCaller: Int
    private var callerRate: RateLimiter
    private var rate: RateLimiter
    private var open: [String: Int] = [:]

    /// How many streams are open.
    private(set) var count = 0

    /// A limiter without open streams.
    ///
    /// - Parameters:
    ///   - limits: What callers may ask for.
    ///   - capacity: How many streams may be open, whatever the limits say.
    init(_ limits: ServiceLimits, capacity: Int) {
        self.capacity = min(limits.streams, capacity)
        perCaller = limits.streamsPerCaller
        callerRate = RateLimiter(limit: limits.streamOpenings, window: limits.window)
        rate = RateLimiter(limit: limits.streamOpeningsPerSecond, window: .seconds(1), capacity: 2)
    }

    /// Whether another stream may be open.
    var hasRoom: Bool { count < capacity }

    /// Reserves a stream, for ``release(_:)`` to follow; a refused one takes nothing from the limits of others.
    ///
    /// - Returns: Nil when it may be opened.
    mutating func reserve(_ caller: String, at now: Duration) -> Refusal? {
        guard hasRoom else { return .full }
        guard open[caller, default: 0] < perCaller else { return .callerFull }
        if case .refused(let wait) = callerRate.admit(caller, at: now) {
            return .callerRate(retryAfter: wait)
        }
        if case .refused = rate.admit("", at: now) { return .rate }
        count += 1
        open[caller, default: 0] += 1
        return nil
    }

    /// Gives back what was reserved.
    mutating func release(_ caller: String) {
        guard let streams = open[caller] else { return }
        count -= 1
        open[caller] = streams > 1 ? streams - 1 : nil
    }
}
