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
