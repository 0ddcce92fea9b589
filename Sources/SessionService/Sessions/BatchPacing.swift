/// Says when changes go out, so that there are no more than a hundred deltas a second however many changes there are.
///
/// A value: time comes in.
struct BatchPacing: Sendable {
    /// What to do with a change that has just been staged.
    enum Verdict: Sendable, Hashable {
        /// The last delta is old enough.
        case sendNow
        /// Nobody waits for this batch yet; send it after so long.
        case sendAfter(Duration)
        /// Somebody sends it soon.
        case isDue
    }

    /// How far apart two deltas are at least.
    static let interval = Duration.milliseconds(10)

    private let interval: Duration
    private var lastSent: ContinuousClock.Instant?
    private var isDue = false

    init(interval: Duration = Self.interval) {
        self.interval = interval
    }

    /// A change has been staged.
    mutating func staged(at now: ContinuousClock.Instant) -> Verdict {
        guard !isDue else { return .isDue }
        guard let lastSent, now < lastSent + interval else { return .sendNow }
        isDue = true
        return .sendAfter(lastSent + interval - now)
    }

    /// What was staged is on its way.
    mutating func sent(at now: ContinuousClock.Instant) {
        lastSent = now
        isDue = false
    }
}
