import Analysis

extension Check {
    /// What the check asks for, in a sentence.
    func demand(of policy: Policy) -> String {
        switch rule {
        case .comparison(let comparison):
            let needed = NumberText.count(Double(comparison.minimumSamples))
            guard let objective = comparison.objective else {
                let minutes = NumberText.decimal(comparison.harmBudget, places: 2)
                let budget = comparison.harmBudget == 1 ? "1 failure" : "\(minutes) failures"
                return
                    "\(policy.variants.treatment) must be shown to fail no more than \(NumberText.multiple(comparison.tolerate)) × as often as \(policy.variants.control) and \(budget) a minute more, on at least \(needed) exposures"
            }
            return
                "\(policy.variants.treatment) must be shown to fail less than the objective, \(NumberText.share(objective)), on at least \(needed) exposures"
        case .ceiling(let ceiling):
            return
                "at most \(NumberText.percent(ceiling.limit)) may fail, of at least \(NumberText.count(Double(ceiling.minimumSamples))) samples"
        case .query(let query):
            let side = if case .min = query.bound { "at least" } else { "at most" }
            return "\(query.expression) must be \(side) \(query.unit.text(query.bound.limit))"
        case .split:
            return "clients must be split as published; where they are not, the rollout holds for a person"
        }
    }

    /// What of this check rolls back.
    func breaches(of policy: Policy) -> [String] {
        switch rule {
        case .comparison(let comparison):
            let settings = comparison.settings(under: policy.comparisons)
            let needed = NumberText.evidence(settings.evidenceToRollBack)
            let count = policy.comparisonChecks.count
            let together = count > 1 ? ", the mean of \(count) comparisons" : ""
            let silence = settings.silence
            guard let objective = comparison.objective else {
                return [
                    "\(name): evidence that \(policy.variants.treatment) fails more often than \(policy.variants.control), from \(needed) on\(together)",
                    "\(name): \(policy.variants.treatment) silent for \(silence.looks) intervals in which \(NumberText.count(silence.exposures)) exposures were to be expected",
                ]
            }
            return [
                "\(name): evidence of more than \(NumberText.share(objective)) failing, from \(needed) on\(together)"
            ]
        case .ceiling(let ceiling):
            return ["\(name): above \(NumberText.percent(ceiling.limit))"]
        case .query(let query):
            let side = if case .min = query.bound { "below" } else { "above" }
            let row = query.consecutive > 1 ? ", \(query.consecutive) times in a row" : ""
            return ["\(name): \(side) \(query.unit.text(query.bound.limit))\(row)"]
        case .split: return []
        }
    }
}

extension RolloutState {
    /// One check's standing in full sentences.
    func explained(_ check: Check) -> ExplainedCheck {
        let latest = progress.checks.first { $0.name == check.name }?.latest
        var sentences = [check.demand(of: policy)]
        if let standing = ComparisonStanding(of: check, in: progress.checks, under: policy) {
            let forecast = outlook?.checks.first { $0.name == check.name }?.steps.first
            sentences += standing.sentences(latest?.cause, forecast, under: policy)
        } else if let latest {
            sentences.append("last judged \(latest.cause.plainWords): \(latest.reason)")
        } else {
            sentences.append("not judged yet in this step")
        }
        return ExplainedCheck(name: check.name, cause: latest?.cause, sentences: sentences)
    }
}

extension Cause {
    /// The cause in words: `too few samples`.
    package var plainWords: String { String(code.map { $0 == "-" ? " " : $0 }) }
}

extension ComparisonStanding {
    func sentences(_ cause: Cause?, _ forecast: StepForecast?, under policy: Policy) -> [String] {
        guard allLooks > 0 else { return ["not judged yet in this step"] }
        var sentences = [finding]
        if case .control = against, let allowance {
            sentences.append(
                "few clients keep the control in the last step: going on needs a share of failures below \(NumberText.share(allowance)), which the control's past allows"
            )
        }
        let mean = sharing > 1 ? " (the mean of \(sharing) comparisons)" : ""
        sentences.append("evidence of harm is \(harm.text) that roll back\(mean)")
        sentences.append(
            "evidence of harmlessness is \(harmlessness.text) needed to go on; intervals are \(looks) of \(looksNeeded) needed"
        )
        if burstiness >= 1.05 {
            sentences.append(
                "failures come in bursts: evidence is divided by \(NumberText.decimal(burstiness, places: 1))"
            )
        }
        if let forecast { sentences.append("may still be promoted: \(forecast.tolerance.text)") }
        if let cause, let resolution = resolution(of: cause, forecast, under: policy) {
            sentences.append("needs \(resolution)")
        }
        return sentences
    }
}

extension StepForecast.Tolerance {
    /// `up to 1.5 × control and 1 failure a minute more (1.8 % failing)`.
    package var text: String {
        let total = NumberText.share(share)
        guard let ratio else { return "up to \(total) failing" }
        let more = NumberText.multiple(failuresPerMinute)
        let failures = more == "1" ? "1 failure" : "\(more) failures"
        return
            "up to \(NumberText.multiple(ratio)) × control and \(failures) a minute more (\(total) failing)"
    }
}
