/// What counters stood at when a source looked at them last.
///
/// A source without history of its own, such as one that reads a service's page, counts an interval as a difference:
/// this is kept in the state between two ticks and handed back with the next question about the same counters.
package struct CounterMemory: Sendable, Equatable, Codable {
    /// When the look was taken.
    package var at: Timestamp
    /// Each counter's value, under a name that the source alone understands.
    package var values: [String: Double]

    package init(at: Timestamp, values: [String: Double]) {
        self.at = at
        self.values = values
    }
}

/// What is remembered for one check: one memory for each count it asks for.
package struct CounterMemories: Sendable, Equatable, Codable {
    package var failures: CounterMemory?
    package var exposures: CounterMemory?

    package init(failures: CounterMemory? = nil, exposures: CounterMemory? = nil) {
        self.failures = failures
        self.exposures = exposures
    }

    /// What answers ask to be remembered; nil where none does.
    init?(_ answers: [Measurement]) {
        failures = answers.first { $0.question.role == .failures }?.counters
        exposures = answers.first { $0.question.role == .exposures }?.counters
        if failures == nil, exposures == nil { return nil }
    }

    subscript(role: MetricQuestion.Role) -> CounterMemory? {
        switch role {
        case .failures: failures
        case .exposures: exposures
        case .value: nil
        }
    }

    /// These memories without what is older than `age` at `now`; nil where nothing is left.
    func noOlder(than age: Span, at now: Timestamp) -> CounterMemories? {
        func kept(_ memory: CounterMemory?) -> CounterMemory? {
            memory.flatMap { now - $0.at <= age ? $0 : nil }
        }
        let young = CounterMemories(failures: kept(failures), exposures: kept(exposures))
        return young == CounterMemories() ? nil : young
    }
}
