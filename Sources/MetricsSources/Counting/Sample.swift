import Rollout

/// One value of a series at a moment.
struct Sample: Sendable, Equatable {
    var at: Timestamp
    var value: Double
}

/// A series and what is known of it, whatever source it came from.
struct CounterSeries: Sendable, Equatable {
    /// For people: `name{label="value"}`.
    var identity: String
    /// In the order of time; may begin before the interval that is counted and end after it.
    var samples: [Sample]
    /// The last value before `samples` begins; nil when nothing older is known.
    var earlier: Sample?
}

extension Timestamp {
    /// A moment a server wrote in seconds; nil outside the years 1653 to 2286, where no sample lies.
    init?(serverSeconds: Double) {
        guard serverSeconds.magnitude < 10_000_000_000 else { return nil }
        self.init(secondsSinceEpoch: serverSeconds)
    }
}
