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
    package var treatment: CounterMemory?
    package var control: CounterMemory?

    package init(
        failures: CounterMemory? = nil,
        exposures: CounterMemory? = nil,
        treatment: CounterMemory? = nil,
        control: CounterMemory? = nil
    ) {
        self.failures = failures
        self.exposures = exposures
        self.treatment = treatment
        self.control = control
    }

    /// What the answers to both counts ask to be remembered.
    ///
    /// Nil unless both do: counted from different moments, failures would not be a part of the exposures, nor the
    /// treatment a share of all.
    init?(_ answers: [Measurement]) {
        func counters(_ role: MetricQuestion.Role) -> CounterMemory? {
            answers.first { $0.question.role == role }?.counters
        }
        if let failures = counters(.failures), let exposures = counters(.exposures) {
            self.init(failures: failures, exposures: exposures)
        } else if let treatment = counters(.treatment), let control = counters(.control) {
            self.init(treatment: treatment, control: control)
        } else {
            return nil
        }
    }

    subscript(role: MetricQuestion.Role) -> CounterMemory? {
        switch role {
        case .failures: failures
        case .exposures: exposures
        case .treatment: treatment
        case .control: control
        case .value: nil
        }
    }

    /// These memories; nil where one of them is older than `age` at `now`.
    func noOlder(than age: Span, at now: Timestamp) -> CounterMemories? {
        [failures, exposures, treatment, control].allSatisfy { now - ($0?.at ?? now) <= age } ? self : nil
    }
}
