import CoreMetrics
import Synchronization

/// Hears when a reloading file cannot be read.
///
/// The provider says so nowhere but in a metric; all its other metrics go nowhere. A file that stays unreadable is
/// told once.
final class ReloadFailures: MetricsFactory {
    private struct State {
        var failed: (@Sendable () -> Void)?
        var isFailing = false
        /// Looks at the file that went well or not; a failure is counted before its look.
        var hasFailedSinceTick = false
    }

    private let state = Mutex(State())

    func onFailure(_ failed: @escaping @Sendable () -> Void) {
        state.withLock { $0.failed = failed }
    }

    private func failed() {
        let failed = state.withLock { state in
            state.hasFailedSinceTick = true
            defer { state.isFailing = true }
            return state.isFailing ? nil : state.failed
        }
        failed?()
    }

    private func ticked() {
        state.withLock { state in
            state.isFailing = state.hasFailedSinceTick
            state.hasFailedSinceTick = false
        }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        if label.hasSuffix("_poll_errors_total") { return Heard { [self] in failed() } }
        if label.hasSuffix("_poll_ticks_total") { return Heard { [self] in ticked() } }
        return NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        NOOPMetricsHandler.instance
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// A counter that only says that it was counted.
    private final class Heard: CounterHandler {
        private let counted: @Sendable () -> Void

        init(_ counted: @escaping @Sendable () -> Void) {
            self.counted = counted
        }

        func increment(by amount: Int64) { counted() }
        func reset() {}
    }
}
