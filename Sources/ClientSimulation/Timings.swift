/// How patient the clients are where the service does not say.
package struct Timings: Sendable {
    /// Over how long the starts of the clients are spread.
    package var startSpread: Duration = .seconds(10)
    /// How long connecting, and waiting for a whole answer, may take.
    package var request: Duration = .seconds(10)
    /// How long the first event of a stream may take.
    package var firstEvent: Duration = .seconds(10)
    /// How long a stream must last for its next failure to count as the first.
    package var stable: Duration = .seconds(30)
    /// How long after a failure to try again.
    package var backoff = Backoff()

    package init() {}
}

/// Full jitter: a random delay below a limit that doubles with every failure.
package struct Backoff: Sendable {
    /// The limit after the first failure.
    package var base: Duration = .seconds(1)
    /// What the limit does not grow beyond.
    package var cap: Duration = .seconds(30)
    /// The least delay, whatever was drawn.
    package var floor: Duration = .milliseconds(250)

    package init() {}

    /// The delay after a failure, of which so many came right before this one.
    func delay(after failures: Int, using random: inout ClientRandom) -> Duration {
        let limit = min(cap, base * (1 << min(failures, 20)))
        return max(floor, random.duration(upTo: limit))
    }
}
