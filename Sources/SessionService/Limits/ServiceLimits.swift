/// What one caller, and all together, may ask of the service.
///
/// A caller is who has logged in, and otherwise the address a request comes from; see ``ServiceContext/caller``.
package struct ServiceLimits: Sendable, Hashable {
    /// Requests of one caller within ``window``, beside those that have a limit of their own.
    package var requests = 100
    /// Questions for the assignment of one caller within ``window``.
    package var assignments = 60
    /// Streams that one caller opens within ``window``.
    package var streamOpenings = 30
    /// Streams that all callers together open within a second.
    package var streamOpeningsPerSecond = 1_000
    /// Open streams of one caller.
    package var streamsPerCaller = 8
    /// Open streams; never more than files the process may open, less a reserve.
    package var streams = 10_000
    /// How long the window of the limits above is.
    package var window = Duration.seconds(60)

    package init() {}
}
