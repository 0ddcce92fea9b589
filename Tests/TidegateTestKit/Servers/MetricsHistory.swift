package import Rollout

/// Made-up samples over time, to start a metrics server with.
///
/// Moments are given as a time before ``end``, so that a history can end now, or at a fixed moment.
///
/// ```swift
/// var history = MetricsHistory(endingAt: .newYear)
/// history.counter("http_requests_total", ["status": "200"], perSecond: 10)
/// history.counter("http_requests_total", ["status": "503"], perSecond: 0.1, bornAgo: .minutes(5))
/// history.gauge("sse_active_connections", value: 100)
/// ```
package struct MetricsHistory: Sendable {
    /// The moment of the newest sample, unless one is given otherwise.
    package var end: Timestamp
    /// How far back steady series reach.
    package var length: Span
    /// The distance between samples of steady series.
    package var interval: Span
    package private(set) var series: [Series] = []

    package struct Series: Sendable, Equatable {
        package var name: String
        package var isCounter: Bool
        /// Sorted by name.
        package var labels: [Label]
        /// In the order of time.
        package var samples: [Sample]
    }

    package struct Label: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package struct Sample: Sendable, Equatable {
        package var at: Timestamp
        package var value: Double

        package init(at: Timestamp, value: Double) {
            self.at = at
            self.value = value
        }
    }

    package init(endingAt end: Timestamp, length: Span = .minutes(30), interval: Span = .seconds(15)) {
        self.end = end
        self.length = length
        self.interval = interval
    }

    /// Adds a counter that rises steadily from 0, rounded down to whole events.
    ///
    /// Its first sample lies `bornAgo` before the end (the whole length if nil), its last `silentFor` before the
    /// end. At `resetAgo` the process behind it restarted and counts from 0 again.
    package mutating func counter(
        _ name: String,
        _ labels: [String: String] = [:],
        perSecond: Double,
        bornAgo: Span? = nil,
        resetAgo: Span? = nil,
        silentFor: Span = .zero
    ) {
        let born = end - (bornAgo ?? length)
        let reset = resetAgo.map { end - $0 }
        let samples = moments(from: born, silentFor: silentFor).map { moment in
            let since = if let reset, moment >= reset { reset } else { born }
            return Sample(at: moment, value: (perSecond * (moment - since).seconds).rounded(.down))
        }
        add(name, labels, samples: samples, isCounter: true)
    }

    /// Adds a gauge that keeps one value, which may be NaN or infinite.
    package mutating func gauge(
        _ name: String,
        _ labels: [String: String] = [:],
        value: Double,
        bornAgo: Span? = nil,
        silentFor: Span = .zero
    ) {
        let samples = moments(from: end - (bornAgo ?? length), silentFor: silentFor)
            .map { Sample(at: $0, value: value) }
        add(name, labels, samples: samples, isCounter: false)
    }

    /// Adds a series sample by sample.
    package mutating func add(
        _ name: String,
        _ labels: [String: String] = [:],
        samples: [Sample],
        isCounter: Bool
    ) {
        let sorted = labels.sorted { $0.key < $1.key }.map { Label(name: $0.key, value: $0.value) }
        series.append(Series(name: name, isCounter: isCounter, labels: sorted, samples: samples))
    }

    /// On the grid of the interval that ends at ``end``.
    private func moments(from born: Timestamp, silentFor: Span) -> [Timestamp] {
        let steps = (end - born).milliseconds / interval.milliseconds
        return (0...max(0, steps)).reversed().map { end - interval * $0 }.filter { $0 <= end - silentFor }
    }
}
