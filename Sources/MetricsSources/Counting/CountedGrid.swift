import Rollout

/// Counts the events of counters in intervals of equal length that follow each other, from the counters' values at
/// the points between them.
///
/// As with ``CountedInterval`` an increment belongs to the interval that its later value ends, and a value that
/// fell began anew from 0; what a counter reached between two points before it fell is lost.
struct CountedGrid: Sendable, Equatable {
    /// The first point: what a counter shows here is what it is counted from.
    var from: Timestamp
    var interval: Span
    /// How many intervals there are, one less than points; at least one.
    var count: Int

    var through: Timestamp { from + interval * Int64(count) }

    /// Without its oldest intervals, where it has more than `most`.
    func newest(_ most: Int) -> CountedGrid {
        guard most < count else { return self }
        let kept = max(1, most)
        return CountedGrid(from: from + interval * Int64(count - kept), interval: interval, count: kept)
    }

    /// Which interval a moment ends or lies in, from 0; nil for the first point and all that is outside.
    private func interval(of moment: Timestamp) -> Int? {
        let since = (moment - from).milliseconds
        guard since > 0, moment <= through else { return nil }
        return Int((since - 1) / max(1, interval.milliseconds))
    }

    /// How far apart the first samples of series may lie whose server begins to read them.
    private static let reach = Span.minutes(5)

    /// Until when a first value is no event: the server began to read then what had been counting for long.
    ///
    /// - Parameter series: All that the server was asked about together.
    /// - Returns: Nil where some series is older than the grid, so that one without a past is newborn.
    func endOfBeginning(of series: [CounterSeries]) -> Timestamp? {
        guard !series.contains(where: { $0.earlier != nil || ($0.samples.first?.at ?? through) <= from })
        else { return nil }
        return series.compactMap(\.samples.first?.at).min().map { $0 + max(Self.reach, interval) }
    }

    /// Adds up the increments of all series, interval by interval.
    ///
    /// - Parameters:
    ///   - series: With the values at the grid's points where they had one.
    ///   - end: See ``endOfBeginning(of:)``.
    /// - Returns: Events in each interval, oldest first; or a sample that no counter can have, and whose it is.
    func counts(_ series: [CounterSeries], after end: Timestamp?) -> Result<[Double], NotACounter> {
        var counts = [Double](repeating: 0, count: count)
        for one in series {
            var previous = one.earlier?.value
            for sample in one.samples where sample.at <= through {
                guard sample.value.isFinite, sample.value >= 0 else {
                    return .failure(NotACounter(value: sample.value, series: one.identity))
                }
                if let interval = interval(of: sample.at) {
                    let isKnown = end.map { sample.at <= $0 } ?? false
                    let before = previous ?? (isKnown ? sample.value : 0)
                    counts[interval] += sample.value >= before ? sample.value - before : sample.value
                }
                previous = sample.value
            }
        }
        return .success(counts)
    }

    /// A value that no counter can have.
    struct NotACounter: Error, Equatable {
        var value: Double
        var series: String
    }
}
