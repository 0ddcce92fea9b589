package import Rollout
package import Stepping

/// Reads the pages of the service itself, without a metrics server in between.
///
/// A page shows what its counters stand at, and nothing of what they stood at before: events are counted by difference
/// to what the last look left in the state. Every page is read once a tick for all questions, and the moment of a
/// sample without a timestamp is the one the question asks about. Whatever a page does, each question gets a
/// measurement; secrets never get into one.
package struct ScrapeSource: MetricsSource {
    private let location: ScrapeLocation
    private let environment: [String: String]
    private let pacing: Pacing

    /// A source for the pages of one service.
    ///
    /// - Parameters:
    ///   - location: Where the pages are and how to be let in.
    ///   - environment: Where secrets that are named by variable are found.
    ///   - pacing: Waiting between retries.
    package init(location: ScrapeLocation, environment: [String: String], pacing: Pacing = .real) {
        self.location = location
        self.environment = environment
        self.pacing = pacing
    }

    /// None: a page shows what is now.
    package func history(_ questions: [HistoryQuestion], deadline: Span) -> [HistoryAnswer] {
        questions.map { _ in .unavailable("a page has no history") }
    }

    package func answer(_ questions: [MetricQuestion], deadline: Span) -> Answers {
        guard questions.contains(where: \.isCount) else {
            return Answers(measurements: questions.map { Measurement(question: $0, outcome: Self.notACount) })
        }
        let readings: [PageReading]
        do throws(Access.Denial) {
            readings = try PageReader(location, environment: environment).read(
                within: deadline,
                pacing: pacing
            )
        } catch {
            let outcome = Outcome.refused(error.refusal, message: error.message)
            return Answers(measurements: questions.map { Measurement(question: $0, outcome: outcome) })
        }
        return Answers(measurements: questions.map { measurement(of: $0, on: readings) })
    }

    private func measurement(of question: MetricQuestion, on readings: [PageReading]) -> Measurement {
        guard case .count(let text, let from, let through) = question.subject else {
            return Measurement(question: question, outcome: Self.notACount)
        }
        guard let selector = Selector(text: text) else {
            let message =
                "a page cannot answer PromQL, only plain selectors such as up{job=\"web\"}: \(text.prefix(200))"
            return Measurement(question: question, outcome: .refused(.request, message: message))
        }
        guard from < through else {
            let outcome = Outcome.refused(.request, message: "the interval to count in is empty")
            return Measurement(question: question, outcome: outcome)
        }
        if let failure = Outcome(failing: readings) {
            return Measurement(question: question, outcome: failure)
        }
        let pages = readings.compactMap { reading in
            (try? reading.end.get()).map { (url: reading.url, page: $0) }
        }
        let count = PageCount(
            selector: selector,
            through: through,
            memory: question.memory,
            staleAfter: MetricsLocation.scrape(location).staleAfter
        )
        let (outcome, counters) = count.count(pages)
        return Measurement(question: question, outcome: outcome, counters: counters)
    }

    private static let notACount = Outcome.refused(
        .request,
        message: "a page cannot answer PromQL; count its events with 'ceiling', or ask a Prometheus"
    )
}

extension MetricQuestion {
    fileprivate var isCount: Bool {
        if case .count = subject { true } else { false }
    }
}

extension Outcome {
    /// What it comes to that some pages did not answer; nil where all did.
    ///
    /// A part of the instances is no evidence about all of them. Where no page answered, a refusal says more than
    /// a silence.
    fileprivate init?(failing readings: [PageReading]) {
        let failures = readings.compactMap { reading -> Outcome? in
            if case .failure(let unanswered) = reading.end { unanswered.outcome } else { nil }
        }
        guard !failures.isEmpty else { return nil }
        guard failures.count == readings.count else {
            self = .partial(warnings: failures.map(\.words))
            return
        }
        let words = failures.map(\.words).joined(separator: "; ")
        for case .refused(let refusal, _) in failures {
            self = .refused(refusal, message: words)
            return
        }
        self = .unreachable(message: words)
    }

    /// The message of a page that did not answer.
    private var words: String {
        switch self {
        case .unreachable(let message), .refused(_, let message): message
        default: "no answer"
        }
    }
}
