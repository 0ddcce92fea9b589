/// How long each change took until the last stream had it.
///
/// A stream that skips a change, because it ends or gets a snapshot instead, is not waited for and not timed.
struct BroadcastTiming: Sendable {
    private struct Broadcast {
        var published: ContinuousClock.Instant
        /// Streams that have neither written nor skipped it.
        var awaited: Int
        var lastWrite: ContinuousClock.Instant?
    }

    private var underWay: [Int: Broadcast] = [:]

    /// A change is on its way to some streams; to none, there is nothing to time.
    mutating func publish(_ seq: Int, to streams: Int, at now: ContinuousClock.Instant) {
        guard streams > 0 else { return }
        underWay[seq] = Broadcast(published: now, awaited: streams)
    }

    /// Some streams have written these changes.
    ///
    /// - Returns: The durations of those that all streams now have.
    mutating func wrote(
        _ changes: ClosedRange<Int>,
        by streams: Int = 1,
        at now: ContinuousClock.Instant
    ) -> [Duration] {
        guard streams > 0 else { return [] }
        return changes.compactMap { seq in
            underWay[seq]?.lastWrite = now
            return settle(seq, by: streams)
        }
    }

    /// One stream will never write these changes.
    ///
    /// - Returns: The durations of those that nobody is waited for any more.
    mutating func skipped(_ changes: ClosedRange<Int>) -> [Duration] {
        changes.compactMap { settle($0, by: 1) }
    }

    /// Forgets a change that is too old to be written by anybody.
    mutating func forget(_ seq: Int) {
        underWay[seq] = nil
    }

    private mutating func settle(_ seq: Int, by streams: Int) -> Duration? {
        guard var broadcast = underWay[seq] else { return nil }
        broadcast.awaited -= streams
        guard broadcast.awaited <= 0 else {
            underWay[seq] = broadcast
            return nil
        }
        underWay[seq] = nil
        return broadcast.lastWrite.map { broadcast.published.duration(to: $0) }
    }
}
