import Assignment
import AsyncAlgorithms
import ServiceLifecycle
import Synchronization

/// Keeps ``ClientMinutes`` by the clock and exports what they come to.
///
/// Both counters of a variant rise within the same critical section in which a page is written, so no page has one
/// without the other.
final class ClientMinuteCounter: Service {
    private let minutes: Mutex<ClientMinutes>
    private let metrics: ServiceMetrics
    private let length: Duration
    private let start = ContinuousClock.now

    init(_ assigner: Assigner, length: Duration, metrics: ServiceMetrics) {
        minutes = Mutex(ClientMinutes(assigner, length: length))
        self.length = length
        self.metrics = metrics
        for variant in Variant.allCases {
            metrics.count(ClientMinutes.Tally(), of: variant)
            metrics.setClients(0, of: variant)
        }
    }

    func saw(_ client: String, failed: Bool) {
        minutes.withLock { $0.saw(client, at: now, failed: failed) }
    }

    func turnedAway(_ client: String) {
        minutes.withLock { $0.turnedAway(client, at: now) }
    }

    func opened(_ client: String) {
        minutes.withLock { $0.opened(client, at: now) }
    }

    func closed(_ client: String, failed: Bool) {
        minutes.withLock { $0.closed(client, at: now, failed: failed) }
    }

    func adopt(_ assigner: Assigner) {
        minutes.withLock { $0.adopt(assigner, at: now) }
    }

    /// Exports everything up to now and takes the page before anything else is counted.
    func settled<Page>(_ page: () -> Page) -> Page {
        minutes.withLock { minutes in
            minutes.sweep(at: now)
            let tallies = minutes.takeFinished()
            let present = minutes.present
            metrics.countRefused(minutes.takeRefused())
            for variant in Variant.allCases {
                metrics.count(tallies[variant] ?? ClientMinutes.Tally(), of: variant)
                metrics.setClients(present[variant] ?? 0, of: variant)
            }
            return page()
        }
    }

    func run() async throws {
        let ticks = AsyncTimerSequence(interval: min(Duration.seconds(1), length / 4), clock: .continuous)
        for await _ in ticks.cancelOnGracefulShutdown() { settled {} }
    }

    private var now: Duration { start.duration(to: .now) }
}
