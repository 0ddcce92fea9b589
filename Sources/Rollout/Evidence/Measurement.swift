/// The answer to one question: never an exception, always a case somebody decided about.
package struct Measurement: Sendable, Equatable, Codable {
    package var question: MetricQuestion
    package var outcome: Outcome
    /// What a person should know about how the answer came about: that counting was
    /// approximate, for example.
    package var notes: [String]
    /// What the source wants handed back with the next question, should this answer be counted.
    package var counters: CounterMemory?

    package init(
        question: MetricQuestion,
        outcome: Outcome,
        notes: [String] = [],
        counters: CounterMemory? = nil
    ) {
        self.question = question
        self.outcome = outcome
        self.notes = notes
        self.counters = counters
    }

    /// Without the counters: they are part of the state, and too large to be recorded with every answer.
    private enum CodingKeys: CodingKey {
        case question, outcome, notes
    }
}

/// What became of a question.
package enum Outcome: Sendable, Equatable, Codable {
    case value(Reading)
    /// Counters were seen, and nothing is known to count from: the next interval begins here.
    case firstLook
    /// An empty result: no series where one was asked for.
    case noData
    /// 0/0: the expression is there, but nothing happened.
    case noSignal
    /// `+Inf` or `-Inf`, as the server wrote it.
    case notFinite(text: String)
    /// Several series where one is asked, with their label sets.
    case ambiguous(series: [String])
    /// An answer from part of the data, with the server's warnings.
    case partial(warnings: [String])
    /// The newest sample is too old for the moment asked about.
    case stale(newest: Timestamp)
    /// The server did not answer: refused connection, timeout, 5xx, 429.
    case unreachable(message: String)
    /// The server answered, and asking again will not help.
    case refused(Refusal, message: String)
}

extension Outcome {
    /// The usable number, where there is one.
    package var reading: Reading? {
        if case .value(let reading) = self { reading } else { nil }
    }
}

/// Why a server's answer is final.
package enum Refusal: String, Sendable, Equatable, Codable, CaseIterable {
    /// 401, 403, or a redirect to a login page.
    case credentials
    /// The question itself is at fault: a parse error, a wrong path, too many samples.
    case request
    /// Not an answer of a Prometheus: HTML, a torn body, a type nobody asked for.
    case malformed
}

/// A usable number.
package struct Reading: Sendable, Equatable, Codable {
    /// Finite.
    ///
    /// For counts not negative, and whole unless the source had to extrapolate.
    package var value: Double
    /// When the newest sample behind the number was taken; nil where the source cannot say.
    package var newestSample: Timestamp?
    /// How many series were added up.
    package var seriesCount: Int

    package init(value: Double, newestSample: Timestamp? = nil, seriesCount: Int = 1) {
        self.value = value
        self.newestSample = newestSample
        self.seriesCount = seriesCount
    }
}
