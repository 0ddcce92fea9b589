package import Rollout

/// Series with all their samples, read from a file of exposition text.
package struct Recording: Sendable, Equatable {
    /// The moments of the oldest and of the newest sample.
    package private(set) var first: Timestamp
    package private(set) var last: Timestamp
    private(set) var series: [RecordedSeries]

    /// Nil without a single sample.
    init?(_ series: [RecordedSeries]) {
        let moments = series.flatMap { [$0.samples.first, $0.samples.last] }.compactMap(\.?.at)
        guard let first = moments.min(), let last = moments.max() else { return nil }
        self.first = first
        self.last = last
        self.series = series
    }

    /// The same recording at another time; `now - last` puts its end at now.
    package func shifted(by offset: Span) -> Recording {
        var moved = self
        moved.first = first + offset
        moved.last = last + offset
        for index in moved.series.indices {
            for sample in moved.series[index].samples.indices {
                moved.series[index].samples[sample].at = moved.series[index].samples[sample].at + offset
            }
        }
        return moved
    }
}

/// One series of a recording.
struct RecordedSeries: Sendable, Equatable {
    /// The name among them as `__name__`.
    var labels: [String: String]
    /// In the order of time; at least one.
    var samples: [Sample]
}

/// Why a recording cannot be used.
package struct RecordingError: Error, Sendable, Equatable, CustomStringConvertible {
    package var path: String
    /// Counted from 1; nil when it is about the file as a whole.
    package var line: Int?
    package var message: String

    package var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
