import Assignment

extension RolloutState {
    /// How much earlier than a full interval a tick may come and still count: cron's own jitter.
    private static let punctuality = 0.9

    /// Whether a new interval of evidence has passed since the last tick that counted.
    ///
    /// Called more often, a tick reports and changes nothing; called late, one bigger interval is judged.
    package func isDue(at now: Timestamp) -> Bool {
        guard phase.isJudged, let last = progress.lastTickAt else { return false }
        return Double((now - last).milliseconds) >= Double(policy.interval.milliseconds) * Self.punctuality
    }

    /// The moment from which a tick counts; nil in a phase that is not judged, and before anything is confirmed.
    package var nextDue: Timestamp? {
        guard phase.isJudged, let last = progress.lastTickAt else { return nil }
        let wait = Double(policy.interval.milliseconds) * Self.punctuality
        return last + .milliseconds(Int64(wait.rounded(.up)))
    }

    /// Whether this clock is behind the last tick by more than an interval: it was set, or another host's is off.
    func wentBack(at now: Timestamp) -> Bool {
        guard phase.isJudged, let last = progress.lastTickAt else { return false }
        return last - now > policy.interval
    }

    /// What a tick at `now` looks at; nil while nothing was confirmed yet.
    package func moment(at now: Timestamp) -> JudgingMoment? {
        guard let confirmedAt = progress.confirmedAt else { return nil }
        return JudgingMoment(
            now: now,
            through: now - policy.metrics.lag,
            confirmedAt: confirmedAt,
            settledAt: confirmedAt + policy.settle,
            share: policy.algorithm.treatedShare(at: confirmed.exposure),
            terms: policy.comparisons
        )
    }

    /// The questions of a tick at `now`: none in a phase that is not judged, nor before an interval is over.
    ///
    /// Every question is about this step only. One that cannot be yet is left out, and its check is not due.
    package func questions(at now: Timestamp) -> [MetricQuestion] {
        guard isDue(at: now), let moment = moment(at: now) else { return [] }
        return policy.checks.flatMap { check in
            let progress = progress.of(check, since: moment.confirmedAt)
            return check.questions(progress, at: moment, under: policy)
        }
    }
}

extension Check {
    /// This check's questions at one moment of a step.
    func questions(
        _ progress: CheckProgress,
        at moment: JudgingMoment,
        under policy: Policy
    ) -> [MetricQuestion] {
        guard moment.through > progress.through else { return [] }
        switch rule {
        case .comparison(let comparison):
            return comparison.questions(
                name,
                of: policy.variants,
                from: progress.through,
                through: moment.through,
                after: progress
            )
        case .ceiling(let ceiling):
            return ceiling.questions(
                name,
                from: progress.through,
                through: moment.through,
                after: progress
            )
        case .query(let query):
            let judged = moment.through - moment.settledAt
            let multiples = judged.milliseconds / max(1, policy.interval.milliseconds)
            let window = policy.interval * multiples
            if query.expression.contains(Query.windowWord), multiples < 1 { return [] }
            let expression = query.expression.replacing(Query.windowWord, with: window.description)
            // A range that reaches behind the confirmation would judge the exposure before this one.
            let reach = PromQL.longestRange(in: expression) ?? .zero
            guard moment.through - reach >= moment.confirmedAt else { return [] }
            return [Query.question(name, expression, at: moment.through)]
        case .split(let split):
            return split.measure.questions(
                name,
                of: policy.variants,
                from: progress.through,
                through: moment.through,
                after: progress
            )
        }
    }

    /// The questions that show, before anybody is exposed, that this check can be answered at all.
    package func trialQuestions(
        window: Span,
        through: Timestamp,
        of variants: Variants
    ) -> [MetricQuestion] {
        switch rule {
        case .comparison(let comparison):
            return comparison.questions(name, of: variants, from: through - window, through: through)
        case .ceiling(let ceiling):
            return ceiling.questions(name, from: through - window, through: through)
        case .query(let query):
            let expression = query.expression.replacing(Query.windowWord, with: window.description)
            return [Query.question(name, expression, at: through)]
        case .split(let split):
            return split.measure.questions(name, of: variants, from: through - window, through: through)
        }
    }
}

extension SplitMeasure {
    /// How many clients each arm has.
    package func questions(
        _ check: String,
        of variants: Variants,
        from: Timestamp,
        through: Timestamp,
        after progress: CheckProgress? = nil
    ) -> [MetricQuestion] {
        [(MetricQuestion.Role.treatment, variants.treatment), (.control, variants.control)].map {
            role,
            variant in
            MetricQuestion(
                check: check,
                role: role,
                subject: subject(of: variant, from: from, through: through),
                knownSeries: progress?.knownSeries,
                memory: progress?.memories?[role]
            )
        }
    }
}

extension Ceiling {
    fileprivate func questions(
        _ check: String,
        from: Timestamp,
        through: Timestamp,
        after progress: CheckProgress? = nil
    ) -> [MetricQuestion] {
        [(MetricQuestion.Role.failures, failures), (.exposures, exposures)].map { role, selector in
            MetricQuestion(
                check: check,
                role: role,
                subject: .count(selector: selector, from: from, through: through),
                knownSeries: progress?.knownSeries,
                memory: progress?.memories?[role]
            )
        }
    }
}

extension Query {
    /// Stands in an expression for the time this step has been judged.
    package static let windowWord = "$window"

    fileprivate static func question(_ check: String, _ expression: String, at: Timestamp) -> MetricQuestion {
        MetricQuestion(
            check: check,
            role: .value,
            subject: .value(expression: expression, at: at, selectors: PromQL.selectors(in: expression))
        )
    }
}

extension String {
    /// Replaces every occurrence of a word; the standard library alone has no such function.
    func replacing(_ word: String, with replacement: String) -> String {
        split(separator: word, omittingEmptySubsequences: false).joined(separator: replacement)
    }
}
