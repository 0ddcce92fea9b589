/// What one check made of this tick's answers.
package struct Judgement: Sendable, Equatable {
    package var check: String
    package var cause: Cause
    /// The check's memory after this tick; its `latest` says the same in words.
    package var progress: CheckProgress

    package var direction: Direction { cause.direction }

    /// What a person reads about it.
    package var text: String { progress.latest?.reason ?? cause.rawValue }
}

/// The part of a tick that every check sees.
package struct JudgingMoment: Sendable, Equatable {
    /// When the tick happens.
    package var now: Timestamp
    /// Evidence is cut here: `now` less the policy's lag.
    package var through: Timestamp
    /// When the current exposure was confirmed: nothing older is evidence.
    package var confirmedAt: Timestamp
    /// When its readers had picked it up.
    package var settledAt: Timestamp
    /// The share of clients that have the treatment since, from 0 to 1; nil on a trial, before anybody has.
    package var share: Double?
    /// What the policy's comparisons share.
    package var terms: ComparisonTerms?
}

extension Check {
    /// Turns this check's answers into a judgement; `answers` holds those to its own questions only.
    package func judged(
        _ progress: CheckProgress,
        seeing answers: [Measurement],
        at moment: JudgingMoment
    ) -> Judgement {
        guard !answers.isEmpty else {
            return concluding(.notDue, progress, at: moment, reason: "too early in this step to be asked")
        }
        return switch rule {
        case .comparison(let comparison): judged(comparison, progress, seeing: answers, at: moment)
        case .ceiling(let ceiling): judged(ceiling, progress, seeing: answers, at: moment)
        case .query(let query): judged(query, progress, seeing: answers, at: moment)
        case .split(let split): judged(split, progress, seeing: answers, at: moment)
        }
    }

    /// The largest or smallest healthy value; nil for a split, whose right value is the published share.
    package var limit: Double? {
        switch rule {
        case .comparison(let comparison): comparison.objective ?? comparison.tolerate
        case .ceiling(let ceiling): ceiling.limit
        case .query(let query): query.bound.limit
        case .split: nil
        }
    }

    func concluding(
        _ cause: Cause,
        _ progress: CheckProgress,
        at moment: JudgingMoment,
        value: Double? = nil,
        samples: Double? = nil,
        reason: String
    ) -> Judgement {
        var progress = progress
        progress.latest = CheckSummary(
            cause: cause,
            value: value,
            limit: limit ?? moment.share ?? 0,
            samples: samples,
            reason: reason,
            at: moment.now
        )
        return Judgement(check: name, cause: cause, progress: progress)
    }
}

extension Outcome {
    /// The cause and words of an answer without a usable number, asked about `through`; nil for a value.
    package func failing(through: Timestamp) -> (cause: Cause, text: String)? {
        switch self {
        case .value: nil
        case .firstLook: (.firstLook, "the first look at these counters: there is nothing to count from yet")
        case .noData: (.noData, "no series matches")
        case .noSignal: (.noTraffic, "nothing happened to divide by (NaN)")
        case .notFinite(let text): (.notFinite, "the value is \(text)")
        case .ambiguous(let series):
            (
                .ambiguous,
                "\(series.count) series where one is asked: \(series.prefix(3).joined(separator: ", "))"
            )
        case .partial(let warnings):
            (.partial, "answered from part of the data: \(warnings.first ?? "no details given")")
        case .stale(let newest): (.stale, "the newest sample is \(through - newest) old")
        case .unreachable(let message): (.unreachable, message)
        case .refused(_, let message): (.refused, message)
        }
    }
}
