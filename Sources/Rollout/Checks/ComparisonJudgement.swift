import Analysis

extension Check {
    /// Judges how often the treatment fails beside the control.
    ///
    /// Every interval in which both arms can be counted is looked at once. A comparison alone never breaches by its
    /// evidence of harm: that is shared, see ``Swift/Array/sharingFalseAlarms(of:under:)``.
    func judged(
        _ comparison: Comparison,
        _ progress: CheckProgress,
        seeing answers: [Measurement],
        at moment: JudgingMoment
    ) -> Judgement {
        let fresh: ComparedAnswers
        switch ComparedAnswers.counted(
            comparison,
            in: answers,
            needsControl: comparison.hasControl && (moment.share ?? 0) < 1,
            since: progress.newestSample ?? progress.through,
            moment.through
        ) {
        case .failure(let unusable):
            let seen = progress.remembering(answers, after: unusable.cause, at: moment)
            return concluding(unusable.cause, seen, at: moment, reason: unusable.text)
        case .success(let counts): fresh = counts
        }
        let began = progress.through
        var progress = progress.counting(answers, newest: fresh.newest, at: moment)
        guard moment.share != nil, var compared = progress.comparison else {
            return concluding(.notDue, progress, at: moment, reason: "nothing to compare yet")
        }
        let settings = comparison.settings(under: moment.terms)
        let look = ComparedLook(
            counts: fresh.counts,
            isSettled: began >= moment.settledAt,
            interval: moment.through - began
        )
        compared.take(look, under: settings)
        progress.comparison = compared
        return judged(comparison, progress, compared, look, under: settings, at: moment)
    }

    private func judged(
        _ comparison: Comparison,
        _ progress: CheckProgress,
        _ compared: ComparisonProgress,
        _ look: ComparedLook,
        under settings: ComparisonSettings,
        at moment: JudgingMoment
    ) -> Judgement {
        let step = compared.test.step
        let samples = step?.counts.treatment.exposures ?? 0
        let words = ComparisonWords(compared.test, comparison, under: settings)
        func conclude(_ cause: Cause, _ reason: String) -> Judgement {
            concluding(cause, progress, at: moment, value: words.value, samples: samples, reason: reason)
        }
        let (treated, controlled) = (look.counts.treatment.exposures, look.counts.control.exposures)
        switch compared.test.verdict(under: settings) {
        case .silent: return conclude(.treatmentSilent, words.silence)
        case .harmful, .harmless, .undecided: break
        }
        guard treated + controlled > 0 else { return conclude(.noTraffic, "no exposures in either arm") }
        guard treated > 0 else {
            return conclude(.tooFewSamples, "no exposures of the treatment; \(words.silence)")
        }
        if step?.comparesWithControl == true, controlled == 0 {
            return conclude(.tooFewSamples, "no exposures of the control in this interval")
        }
        guard samples >= Double(comparison.minimumSamples) else {
            let needed = NumberText.count(Double(comparison.minimumSamples))
            return conclude(.tooFewSamples, "\(words.counts); at least \(needed) of the treatment are needed")
        }
        guard compared.test.verdict(under: settings) == .harmless else {
            return conclude(.undecided, words.undecided)
        }
        return conclude(.healthy, words.healthy)
    }
}

/// One interval of a comparison.
struct ComparedLook: Sendable, Equatable {
    var counts: ComparedCounts
    /// Whether it began after the readers of the flag had settled.
    var isSettled: Bool
    var interval: Span
}

extension ComparisonProgress {
    /// Feeds the test, or notes a silence of the treatment; nothing is fed without exposures.
    mutating func take(_ look: ComparedLook, under settings: ComparisonSettings) {
        let (treated, controlled) = (look.counts.treatment.exposures, look.counts.control.exposures)
        observe(treated + controlled, in: look.interval)
        if treated > 0 {
            test.look(at: look.counts, isSettled: look.isSettled, under: settings)
        } else if look.isSettled {
            test.lookAtSilence(beside: look.counts.control)
        }
    }
}

extension [Judgement] {
    /// These judgements, with a breach where the comparisons' evidence of harm together is enough.
    ///
    /// The mean of e-values is one again, whatever the checks have in common: the false alarms of the policy are those
    /// of the whole rollout, not of each check. What fails most is named.
    func sharingFalseAlarms(of checks: [Check], under terms: ComparisonTerms?) -> [Judgement] {
        let compared = enumerated().compactMap { index, judgement -> ComparedCheck? in
            guard
                case .comparison(let comparison) = checks.first(where: { $0.name == judgement.check })?.rule,
                let test = judgement.progress.comparison?.test
            else { return nil }
            return ComparedCheck(index: index, comparison: comparison, test: test)
        }
        guard let worst = compared.max(by: { $0.test.evidenceOfHarm < $1.test.evidenceOfHarm }) else {
            return self
        }
        // Evidence of earlier ticks, whose checks were others then, is no news.
        let isNews = compared.contains {
            [.undecided, .healthy, .tooFewSamples].contains(self[$0.index].cause)
        }
        guard isNews else { return self }
        let settings = worst.comparison.settings(under: terms)
        let shared = LogEValue.mean(compared.map(\.test.evidenceOfHarm))
        guard worst.test.verdict(under: settings, sharing: shared) == .harmful else { return self }
        var judgements = self
        let words = ComparisonWords(
            worst.test,
            worst.comparison,
            under: settings,
            besides: compared.count - 1,
            sharing: shared
        )
        judgements[worst.index].cause = .breached
        judgements[worst.index].progress.latest?.cause = .breached
        judgements[worst.index].progress.latest?.reason = words.harmful
        return judgements
    }

    private struct ComparedCheck {
        var index: Int
        var comparison: Comparison
        var test: SequentialComparison
    }
}
