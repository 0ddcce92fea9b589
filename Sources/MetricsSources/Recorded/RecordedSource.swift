package import Rollout
package import Stepping

/// Answers from a recording, with the same counting as the live sources.
///
/// Understands plain selectors only: a recording cannot evaluate PromQL.
package struct RecordedSource: MetricsSource {
    package let recording: Recording
    private let staleAfter: Span

    /// How far back a value is looked for when there is no newer one, as in Prometheus.
    private static let lookback = Span.minutes(5)

    package init(_ recording: Recording, staleAfter: Span) {
        self.recording = recording
        self.staleAfter = staleAfter
    }

    /// Opens a recording and moves it in time by `offset`.
    package init(path: String, staleAfter: Span, offset: Span = .zero) throws(RecordingError) {
        self.init(try Recording.read(path: path).shifted(by: offset), staleAfter: staleAfter)
    }

    package func history(_ questions: [HistoryQuestion], deadline: Span) -> [HistoryAnswer] {
        questions.map { _ in .unavailable("not recorded") }
    }

    package func answer(_ questions: [MetricQuestion], deadline: Span) -> Answers {
        Answers(measurements: questions.map { Measurement(question: $0, outcome: outcome($0.subject)) })
    }

    private func outcome(_ subject: MetricQuestion.Subject) -> Outcome {
        switch subject {
        case .count(let text, let from, let through):
            guard let selector = Selector(text: text) else { return Self.notASelector(text) }
            guard from < through else {
                return .refused(.request, message: "the interval to count in is empty")
            }
            return count(selector, CountedInterval(from: from, through: through))
        case .value(let expression, let at, _):
            guard let selector = Selector(text: expression) else { return Self.notASelector(expression) }
            return value(selector, at: at)
        }
    }

    private func count(_ selector: Selector, _ interval: CountedInterval) -> Outcome {
        let counters = recording.series
            .filter { selector.selects($0.labels) && $0.samples[0].at <= interval.through }
            .map { one in
                CounterSeries(
                    identity: one.labels.identity,
                    samples: one.samples,
                    earlier: wasThereBefore(one)
                        ? Sample(at: min(interval.from, one.samples[0].at), value: one.samples[0].value) : nil
                )
            }
        return interval.count(counters).outcome(through: interval.through, staleAfter: staleAfter)
    }

    /// Whether a series is older than the recording, so that its first value is no event of ours.
    ///
    /// Only a series that begins at least one of its own sampling distances into the recording is newborn.
    private func wasThereBefore(_ series: RecordedSeries) -> Bool {
        guard series.samples.count > 1 else { return series.samples[0].at == recording.first }
        let distance = series.samples[1].at - series.samples[0].at
        return series.samples[0].at - recording.first < distance
    }

    private func value(_ selector: Selector, at: Timestamp) -> Outcome {
        var found: [(identity: String, sample: Sample)] = []
        for series in recording.series where selector.selects(series.labels) {
            guard let sample = series.samples.last(where: { $0.at <= at }) else { continue }
            guard at - sample.at < Self.lookback else { continue }
            found.append((series.labels.identity, sample))
        }
        guard found.count <= 1 else { return .ambiguous(series: found.map(\.identity).sorted()) }
        guard let sample = found.first?.sample else { return .noData }
        guard at - sample.at <= staleAfter else { return .stale(newest: sample.at) }
        if sample.value.isNaN { return .noSignal }
        guard sample.value.isFinite else { return .notFinite(text: SampleText.text(sample.value)) }
        return .value(Reading(value: sample.value, newestSample: sample.at))
    }

    private static func notASelector(_ text: String) -> Outcome {
        let reason = "a recording cannot evaluate PromQL expressions, only plain selectors"
        return .refused(.request, message: "\(reason) such as up{job=\"web\"}: \(text.prefix(200))")
    }
}
