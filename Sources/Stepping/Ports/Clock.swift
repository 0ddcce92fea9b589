package import Rollout

/// The wall clock, and waiting on it.
package protocol WallClock: Sendable {
    func now() -> Timestamp
    /// Waits for a span of real time; a virtual clock moves instead.
    func sleep(_ span: Span)
}
