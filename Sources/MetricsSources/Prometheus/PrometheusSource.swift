package import Rollout
package import Stepping

/// Asks a server that speaks the Prometheus HTTP API: Prometheus itself, VictoriaMetrics, Mimir, Thanos.
///
/// Every query is pinned to the moment its question names, so that asking again gives the same answer. Whatever the
/// server does, each question gets a measurement; secrets never get into one.
package struct PrometheusSource: MetricsSource {
    private let location: PrometheusLocation
    private let environment: [String: String]
    private let now: @Sendable () -> Timestamp
    private let pacing: Pacing

    /// A source for one server.
    ///
    /// - Parameters:
    ///   - location: Where the server is and how to be let in.
    ///   - environment: Where secrets that are named by variable are found.
    ///   - now: This host's clock, compared with the server's.
    ///   - pacing: Waiting between retries.
    package init(
        location: PrometheusLocation,
        environment: [String: String],
        now: @escaping @Sendable () -> Timestamp,
        pacing: Pacing = .real
    ) {
        self.location = location
        self.environment = environment
        self.now = now
        self.pacing = pacing
    }

    package func history(_ questions: [HistoryQuestion], deadline: Span) -> [HistoryAnswer] {
        guard !questions.isEmpty else { return [] }
        let access: Access
        do throws(Access.Denial) {
            access = try Access(location, environment: environment)
        } catch {
            return questions.map { _ in .unavailable(error.message) }
        }
        let batch = QueryBatch(access, within: deadline, now: now, pacing: pacing)
        return HistoryInquiry(questions: questions, seriesLimit: location.seriesLimit).answers(from: batch)
    }

    package func answer(_ questions: [MetricQuestion], deadline: Span) -> Answers {
        guard !questions.isEmpty else { return Answers(measurements: []) }
        let access: Access
        do throws(Access.Denial) {
            access = try Access(location, environment: environment)
        } catch {
            let outcome = Outcome.refused(error.refusal, message: error.message)
            return Answers(measurements: questions.map { Measurement(question: $0, outcome: outcome) })
        }
        let batch = QueryBatch(access, within: deadline, now: now, pacing: pacing)
        let results = pursue(questions.map(inquiry), asking: batch.ask)
        let measurements = zip(questions, results).map { question, result in
            Measurement(question: question, outcome: result.outcome, notes: result.notes)
        }
        return Answers(measurements: measurements, serverClockAhead: batch.serverClockAhead)
    }

    private func inquiry(_ question: MetricQuestion) -> any Inquiry {
        switch question.subject {
        case .count(let selector, let from, let through):
            CountInquiry(
                selector: selector,
                from: from,
                through: through,
                staleAfter: location.staleAfter,
                seriesLimit: location.seriesLimit,
                knownSeries: question.knownSeries
            )
        case .value(let expression, let at, let selectors):
            ValueInquiry(
                expression: expression,
                at: at,
                selectors: selectors,
                staleAfter: location.staleAfter
            )
        }
    }

    /// Takes all inquiries to their ends, each round of all of them in one batch.
    private func pursue(
        _ inquiries: [any Inquiry],
        asking ask: ([InstantQuery]) -> [Reply]
    ) -> [(outcome: Outcome, notes: [String])] {
        var inquiries = inquiries
        var progress = inquiries.map { $0.opening() }
        while true {
            let asked = progress.map(\.queries)
            let queries = asked.flatMap(\.self)
            guard !queries.isEmpty else { break }
            var replies = ask(queries)[...]
            for (index, own) in asked.enumerated() where !own.isEmpty {
                progress[index] = inquiries[index].proceed(with: Array(replies.prefix(own.count)))
                replies = replies.dropFirst(own.count)
            }
        }
        return progress.map {
            if case .done(let outcome, let notes) = $0 { (outcome, notes) } else { (.noData, []) }
        }
    }
}
