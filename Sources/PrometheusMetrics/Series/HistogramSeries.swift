import CoreMetrics
import Synchronization

/// How many observations lay in which of a few fixed buckets, and their sum.
///
/// One lock for an observation keeps count, buckets and sum of every page in step. What is not finite is ignored: one
/// such observation would spoil the sum for good.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    static let type = MetricType.histogram

    /// Bounds for latencies where nothing else is said, in seconds: one millisecond to ten seconds.
    static let latencies = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    let identity: SeriesIdentity
    /// Ascending, finite; an observation belongs to the first bucket whose bound is not below it.
    private let bounds: [Double]
    private let observations: Mutex<Observations>

    private struct Observations {
        /// One for each bound and a last one for what is above them all; not cumulative.
        var counts: [UInt64]
        var sum = 0.0
    }

    init(_ identity: SeriesIdentity, bounds: [Double]) {
        self.identity = identity
        self.bounds = Set(bounds.filter(\.isFinite)).sorted()
        observations = Mutex(Observations(counts: Array(repeating: 0, count: self.bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        observations.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    /// Records a duration; a negative one, from a clock that was set back, counts as none at all.
    func recordNanoseconds(_ duration: Int64) { record(Double(max(0, duration)) / 1e9) }

    func write(to page: inout TextPage) {
        let seen = observations.withLock { $0 }
        var count: UInt64 = 0
        for (bound, inBucket) in zip(bounds + [.infinity], seen.counts) {
            count += inBucket
            page.sample(identity, suffix: "_bucket", upTo: bound, Double(count))
        }
        page.sample(identity, suffix: "_sum", seen.sum)
        page.sample(identity, suffix: "_count", Double(count))
    }
}
