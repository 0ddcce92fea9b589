import Rollout

/// Counts the events of counters in one interval, `from` exclusive to `through` inclusive.
///
/// An increment belongs to the time of the later of its two samples, and its earlier sample is the one just before,
/// however old. So consecutive intervals tile time: every increment is counted once, wherever the cuts fall.
struct CountedInterval: Sendable, Equatable {
    var from: Timestamp
    var through: Timestamp

    /// What counting came to.
    enum Result: Sendable, Equatable {
        /// No series has a sample up to `through`.
        case nothing
        /// The events, and when the newest sample up to `through` was taken.
        case counted(events: Double, newest: Timestamp, seriesCount: Int)
        /// A sample that no counter can have, as text, and whose it is.
        case notACounter(value: Double, series: String)
    }

    /// Whether a series has samples in the interval but none before it: it is newborn, or was long silent.
    func lacksBaseline(_ samples: [Sample]) -> Bool {
        let known = samples.filter { $0.at <= through }
        return !known.isEmpty && !known.contains { $0.at <= from }
    }

    /// Adds up the increments of all series.
    func count(_ series: [CounterSeries]) -> Result {
        var events = 0.0
        var newest: Timestamp?
        var seen = 0
        for one in series {
            let known = ([one.earlier].compactMap(\.self) + one.samples).filter { $0.at <= through }
            guard let last = known.last else { continue }
            if let odd = known.first(where: { !$0.value.isFinite || $0.value < 0 }) {
                return .notACounter(value: odd.value, series: one.identity)
            }
            seen += 1
            newest = max(newest ?? last.at, last.at)
            events += increments(of: known)
        }
        guard let newest else { return .nothing }
        return .counted(events: events, newest: newest, seriesCount: seen)
    }

    /// The sum over one series; a series never seen before starts from 0, and so does one whose value falls.
    private func increments(of samples: [Sample]) -> Double {
        var previous = samples.last { $0.at <= from }?.value ?? 0
        var sum = 0.0
        for sample in samples where sample.at > from {
            sum += sample.value >= previous ? sample.value - previous : sample.value
            previous = sample.value
        }
        return sum
    }
}
