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

    /// What the answers to both counts ask to be remembered.
    ///
    /// Nil unless both do: counted from different moments, failures would not be a part of the exposures.
    init?(_ answers: [Measurement]) {
        guard
            let failures = answers.first(where: { $0.question.role == .failures })?.counters,
            let exposures = answers.first(where: { $0.question.role == .exposures })?.counters
        else { return nil }
        self.init(failures: failures, exposures: exposures)
    }

    subscript(role: MetricQuestion.Role) -> CounterMemory? {
        switch role {
        case .failures: failures
        case .exposures: exposures
        case .value: nil
        }
    }

    /// These memories; nil where one of them is older than `age` at `now`.
    func noOlder(than age: Span, at now: Timestamp) -> CounterMemories? {
        [failures, exposures].allSatisfy { now - ($0?.at ?? now) <= age } ? self : nil
    }
}
