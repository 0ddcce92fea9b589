import AsyncAlgorithms
import Logging
import ServiceLifecycle

/// Ends all streams when the process is asked to end, so that the server can.
///
/// The server waits for answers that are under way, and a stream's never ends by itself.
struct Drain: Service {
    let workload: Workload
    let logger: Logger

    /// How long streams get in all; the process has a few seconds more.
    private static let bound = Duration.seconds(15)

    func run() async throws {
        try await gracefulShutdown()
        let within = workload.settings.drainWithin
        let end = workload.beginDraining()
        for stream in workload.store.streams { Self.dismiss(stream, before: end, spread: within) }
        let deadline = ContinuousClock.now + Self.bound
        let looks = AsyncTimerSequence(interval: .milliseconds(20), clock: .continuous)
        for await now in looks where workload.store.streamCount == 0 || now > deadline { break }
        let left = workload.store.streams
        guard !left.isEmpty else { return }
        logger.warning("streams did not end in time", metadata: ["streams": "\(left.count)"])
        for stream in left { stream.cut(because: .drain) }
    }

    /// Ends a stream at a random moment, and has its client come back at another, after all have ended.
    ///
    /// - Parameters:
    ///   - stream: One that is open.
    ///   - end: When all streams have ended.
    ///   - longest: Over how long clients come back after that.
    static func dismiss(
        _ stream: OpenStream,
        before end: ContinuousClock.Instant,
        spread longest: Duration
    ) {
        let left = max(.zero, ContinuousClock.now.duration(to: end))
        stream.after(left * Double.random(in: 0...1)) {
            $0.dismiss(.drain(at: .now, before: end, spread: longest), because: .drain)
        }
    }
}

extension StreamControl {
    /// What the client of a stream is told that ends because the process does.
    ///
    /// Whoever came back before the process has ended would only be turned away by it.
    static func drain(
        at now: ContinuousClock.Instant,
        before end: ContinuousClock.Instant,
        spread longest: Duration
    ) -> StreamControl {
        let left = max(.zero, now.duration(to: end))
        let wait = left + longest * Double.random(in: 0...1)
        // The rest of a millisecond that is cut off would be too early.
        return StreamControl(type: .drain, afterMilliseconds: wait.milliseconds + 1)
    }
}
