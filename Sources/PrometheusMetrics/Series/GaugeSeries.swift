import CoreMetrics

/// A value that goes up and down: the last one recorded.
final class GaugeSeries: Series, RecorderHandler, MeterHandler {
    static let type = MetricType.gauge

    let identity: SeriesIdentity
    private let current: AtomicDouble

    init(_ identity: SeriesIdentity, value: Double = 0) {
        self.identity = identity
        current = AtomicDouble(value)
    }

    func record(_ value: Int64) { current.set(Double(value)) }

    func record(_ value: Double) { current.set(value) }

    func set(_ value: Int64) { current.set(Double(value)) }

    func set(_ value: Double) { current.set(value) }

    /// Adds an amount; one that is negative or not finite is ignored.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        current.add(amount)
    }

    /// Takes an amount away; one that is negative or not finite is ignored.
    func decrement(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        current.add(-amount)
    }

    func write(to page: inout TextPage) { page.sample(identity, current.value) }
}
