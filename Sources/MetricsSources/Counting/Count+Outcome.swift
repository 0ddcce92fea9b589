import Rollout

extension CountedInterval.Result {
    /// What counting came to, as an answer to the question.
    func outcome(through: Timestamp, staleAfter: Span) -> Outcome {
        switch self {
        case .nothing:
            .noData
        case .counted(_, let newest, _) where through - newest > staleAfter:
            .stale(newest: newest)
        case .counted(let events, let newest, let seriesCount):
            events.isFinite
                ? .value(Reading(value: events, newestSample: newest, seriesCount: seriesCount))
                : .notFinite(text: "+Inf")
        case .notACounter(let value, _) where !value.isFinite:
            .notFinite(text: SampleText.text(value))
        case .notACounter(let value, let series):
            .refused(
                .request,
                message: "\(ForeignText().quoted(series)) is no counter: it has the value \(value)"
            )
        }
    }
}
