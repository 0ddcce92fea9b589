import CoreMetrics
import Synchronization

/// A sum that only grows: of whole numbers, of fractions, or of both.
///
/// What is negative or not finite is ignored: a counter that falls looks like a restart to Prometheus.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    static let type = MetricType.counter

    let identity: SeriesIdentity
    private let whole = Atomic<UInt64>(0)
    private let fractional = AtomicDouble(0)

    /// Larger amounts go to the other part, so that no realistic number of increments makes this one wrap around.
    private static let largestWholeIncrement: Int64 = 1 << 32

    init(_ identity: SeriesIdentity) {
        self.identity = identity
    }

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        guard amount <= Self.largestWholeIncrement else { return fractional.add(Double(amount)) }
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.set(0)
    }

    func write(to page: inout TextPage) {
        page.sample(identity, Double(whole.load(ordering: .relaxed)) + fractional.value)
    }
}
