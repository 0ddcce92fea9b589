extension Check {
    /// Judges one number against its bound, a declared number of intervals in a row.
    func judged(
        _ query: Query,
        _ progress: CheckProgress,
        seeing answers: [Measurement],
        at moment: JudgingMoment
    ) -> Judgement {
        guard let answer = answers.first, case .value(let reading) = answer.outcome else {
            let failing = answers.first?.outcome.failing(through: moment.through) ?? (.noData, "no answer")
            return concluding(failing.cause, progress, at: moment, reason: failing.text)
        }
        guard reading.value.isFinite else {
            return concluding(.notFinite, progress, at: moment, reason: "the value is \(reading.value)")
        }
        if let newest = reading.newestSample {
            // An instant query happily answers from a sample taken before this exposure began.
            if newest < moment.confirmedAt {
                return concluding(.notDue, progress, at: moment, reason: "no sample of this step yet")
            }
            if let counted = progress.newestSample, newest <= counted {
                return concluding(
                    .unchanged,
                    progress,
                    at: moment,
                    reason: "no newer sample than at the last tick"
                )
            }
        }
        var progress = progress
        progress.through = moment.through
        progress.newestSample = reading.newestSample ?? progress.newestSample
        return judged(query, progress, reading.value, at: moment)
    }

    private func judged(
        _ query: Query,
        _ progress: CheckProgress,
        _ value: Double,
        at moment: JudgingMoment
    ) -> Judgement {
        var progress = progress
        let shown = query.unit.text(value)
        let bound = query.unit.text(query.bound.limit)
        if query.bound.holds(for: value) {
            progress.consecutiveBreaches = 0
            return concluding(
                .healthy,
                progress,
                at: moment,
                value: value,
                reason: "\(shown), within \(bound)"
            )
        }
        progress.consecutiveBreaches += 1
        let side =
            switch query.bound {
            case .max: "above"
            case .min: "below"
            }
        guard progress.consecutiveBreaches >= query.consecutive else {
            return concluding(
                .undecided,
                progress,
                at: moment,
                value: value,
                reason:
                    "\(shown), \(side) \(bound) \(progress.consecutiveBreaches) of \(query.consecutive) times"
            )
        }
        return concluding(.breached, progress, at: moment, value: value, reason: "\(shown), \(side) \(bound)")
    }
}
