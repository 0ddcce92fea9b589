/// One question to a metrics source, asked about a pinned moment.
package struct MetricQuestion: Sendable, Equatable, Codable {
    /// The check that asks.
    package var check: String
    package var role: Role
    package var subject: Subject
    /// How many series answered last time: spares a source from asking first whether there are too many.
    package var knownSeries: Int?
    /// What the last answer asked to have remembered; nil before the first, and for sources with a history.
    package var memory: CounterMemory?

    package init(
        check: String,
        role: Role,
        subject: Subject,
        knownSeries: Int? = nil,
        memory: CounterMemory? = nil
    ) {
        self.check = check
        self.role = role
        self.subject = subject
        self.knownSeries = knownSeries
        self.memory = memory
    }

    /// Without the memory: it is part of the state, and too large to be recorded with every answer.
    private enum CodingKeys: CodingKey {
        case check, role, subject, knownSeries
    }

    /// What the answer is used as.
    package enum Role: String, Sendable, Equatable, Codable {
        case failures
        case exposures
        case value
        /// Clients with the treatment.
        case treatment
        /// Clients without it.
        case control
        /// What went wrong for clients with the treatment, or without it.
        case treatmentFailures, controlFailures
        /// What could have.
        case treatmentExposures, controlExposures
        /// What was no slower than a bound.
        case treatmentInTime, controlInTime
    }

    /// What is asked.
    package enum Subject: Sendable, Equatable, Codable {
        /// How many events the selected counters counted after `from`, up to and including `through`.
        case count(selector: String, from: Timestamp, through: Timestamp)
        /// The one number an expression yields at a moment, and the age of the newest sample that
        /// any of its `selectors` has then.
        case value(expression: String, at: Timestamp, selectors: [String])
    }
}
