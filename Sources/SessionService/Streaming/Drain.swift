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
        workload.beginDraining()
        for stream in workload.store.streams { Self.dismiss(stream, within: within) }
        let deadline = ContinuousClock.now + Self.bound
        let looks = AsyncTimerSequence(interval: .milliseconds(20), clock: .continuous)
        for await now in looks where workload.store.streamCount == 0 || now > deadline { break }
        let left = workload.store.streams
        guard !left.isEmpty else { return }
        logger.warning("streams did not end in time", metadata: ["streams": "\(left.count)"])
        for stream in left { stream.cut(because: .drain) }
    }

    /// Ends a stream at a random moment, and has its client come back at another.
    static func dismiss(_ stream: OpenStream, within longest: Duration) {
        stream.after(longest * Double.random(in: 0...1)) {
            $0.dismiss(.random(.drain, within: longest), because: .drain)
        }
    }
}
