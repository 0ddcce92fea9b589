extension Check {
    /// Judges failures divided by exposures over the newest intervals that together hold enough samples.
    ///
    /// The newest interval is always part of the judgement, so that a verdict never rests on older evidence
    /// alone; older ones of the same step are added only until ``Ceiling/minimumSamples`` is reached.
    func judged(
        _ ceiling: Ceiling,
        _ progress: CheckProgress,
        seeing answers: [Measurement],
        at moment: JudgingMoment
    ) -> Judgement {
        let counted = Counted(
            answers,
            since: progress.newestSample ?? progress.through,
            through: moment.through
        )
        switch counted {
        case .unusable(let cause, let text):
            let seen = progress.remembering(answers, after: cause, at: moment)
            return concluding(cause, seen, at: moment, reason: text)
        case .counts(let fresh, let newest):
            let counted = progress.counting(answers, newest: newest, at: moment)
            return judged(
                ceiling,
                counted.adding(fresh, keeping: ceiling.minimumSamples),
                fresh,
                at: moment
            )
        }
    }

    private func judged(
        _ ceiling: Ceiling,
        _ progress: CheckProgress,
        _ newest: IntervalCounts,
        at moment: JudgingMoment
    ) -> Judgement {
        let counts = progress.newestCounts(reaching: ceiling.minimumSamples)
        let (failures, exposures) = (counts.failures, counts.exposures)
        guard newest.exposures > 0 else {
            return concluding(.noTraffic, progress, at: moment, samples: exposures, reason: "no traffic")
        }
        let ratio = failures / exposures
        let sample = "\(NumberText.count(failures)) of \(NumberText.count(exposures)) failed"
        guard exposures >= Double(ceiling.minimumSamples) else {
            return concluding(
                .tooFewSamples,
                progress,
                at: moment,
                value: ratio,
                samples: exposures,
                reason:
                    "\(sample); at least \(NumberText.count(Double(ceiling.minimumSamples))) samples are needed"
            )
        }
        let isBreached = ratio > ceiling.limit
        let comparison = isBreached ? "above" : "within"
        return concluding(
            isBreached ? .breached : .healthy,
            progress,
            at: moment,
            value: ratio,
            samples: exposures,
            reason:
                "\(NumberText.percent(ratio)), \(comparison) \(NumberText.percent(ceiling.limit)): \(sample)"
        )
    }
}

extension CheckProgress {
    /// The newest intervals' counts, back to where they reach `minimumSamples`.
    ///
    /// Of the oldest one only as much is taken as is missing: where traffic collapses, a thin interval that fails
    /// must not drown in the fat healthy one before it.
    func newestCounts(reaching minimumSamples: Int) -> IntervalCounts {
        var sum = IntervalCounts(failures: 0, exposures: 0)
        for interval in intervals.reversed() {
            let missing = Double(minimumSamples) - sum.exposures
            if sum.exposures > 0, missing <= 0 { break }
            let isWhole = sum.exposures == 0 || interval.exposures <= missing
            sum.failures += isWhole ? interval.failures : interval.failures * missing / interval.exposures
            sum.exposures += isWhole ? interval.exposures : missing
        }
        return sum
    }

    /// Adds the newest interval and drops the oldest ones no judgement can need any more.
    func adding(_ counts: IntervalCounts, keeping minimumSamples: Int) -> CheckProgress {
        var progress = self
        progress.intervals.append(counts)
        var kept = progress.intervals.reduce(0) { $0 + $1.exposures }
        while let oldest = progress.intervals.first, progress.intervals.count > 1,
            kept - oldest.exposures >= Double(minimumSamples)
                || progress.intervals.count > CheckProgress.mostIntervals
        {
            progress.intervals.removeFirst()
            kept -= oldest.exposures
        }
        return progress
    }

    /// Bounds the state's size where traffic is so thin that samples never suffice.
    private static let mostIntervals = 1_440
}

/// The two counts of one interval, or why they cannot be used.
private enum Counted {
    case counts(IntervalCounts, newest: Timestamp?)
    case unusable(Cause, String)

    init(_ answers: [Measurement], since: Timestamp, through: Timestamp) {
        guard
            let exposures = answers.first(where: { $0.question.role == .exposures }),
            let failures = answers.first(where: { $0.question.role == .failures })
        else {
            self = .unusable(.noData, "the source left a question unanswered")
            return
        }
        guard case .value(let exposed) = exposures.outcome else {
            // The first look at exposures must not hide that failures cannot be had at all.
            let isHidden = exposures.outcome == .firstLook && failures.isUnusable
            self = .unusable(from: isHidden ? failures : exposures, through)
            return
        }
        switch failures.outcome {
        case .value(let failed): self.init(failed: failed.value, exposed: exposed, since: since)
        // No failures series yet while exposures exist: a healthy service has no 5xx.
        case .noData where Cause.noFailuresSeries.direction == .countsAsZero:
            self.init(failed: 0, exposed: exposed, since: since)
        default: self = .unusable(from: failures, through)
        }
    }

    private init(failed: Double, exposed: Reading, since: Timestamp) {
        if !failed.isFinite || !exposed.value.isFinite {
            // Compared with anything, NaN is false: it would pass for a ratio within the limit.
            self = .unusable(.notFinite, "a count is not finite: \(failed) failures of \(exposed.value)")
        } else if failed < 0 || exposed.value < 0 {
            self = .unusable(.inconsistent, "a count is negative: \(failed) failures of \(exposed.value)")
        } else if failed > exposed.value {
            self = .unusable(
                .inconsistent,
                "more failures (\(NumberText.count(failed))) than exposures (\(NumberText.count(exposed.value)))"
            )
        } else if let newest = exposed.newestSample, newest <= since {
            self = .unusable(.unchanged, "no newer sample than at the last tick")
        } else {
            self = .counts(
                IntervalCounts(failures: failed, exposures: exposed.value),
                newest: exposed.newestSample
            )
        }
    }

    private static func unusable(from answer: Measurement, _ through: Timestamp) -> Counted {
        let failing = answer.outcome.failing(through: through) ?? (.noData, "no answer")
        return .unusable(failing.cause, "\(answer.question.role.rawValue): \(failing.text)")
    }
}

extension Measurement {
    /// Whether there is neither a count nor anything to begin one from.
    var isUnusable: Bool {
        switch outcome {
        case .value, .firstLook, .noData: false
        case .noSignal, .notFinite, .ambiguous, .partial, .stale, .unreachable, .refused: true
        }
    }
}
