import AsyncAlgorithms
import ServiceLifecycle

/// Keeps every stream alive, and ends those that are old: one clock for all.
struct Pinger: Service {
    let workload: Workload

    func run() async throws {
        let ticks = AsyncTimerSequence(interval: workload.settings.pingInterval, clock: .continuous)
        for await now in ticks.cancelOnGracefulShutdown() {
            workload.store.ping(at: now)
        }
    }
}
