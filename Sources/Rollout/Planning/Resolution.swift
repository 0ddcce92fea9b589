import Analysis

extension ComparisonStanding {
    /// From this evidence of harm on (an e-value of 3, as a logarithm) it is worth telling when it would roll back.
    private static let noteworthyHarm = 1.1

    /// When this comparison rolls back if it goes on as in this step; nil while there is hardly any evidence of harm.
    package func timeToRollBack(every interval: Span) -> ExpectedTime? {
        guard against == .control, ownHarm >= Self.noteworthyHarm, harm.reached < harm.needed, allLooks > 0,
            let ratio, ratio > 1
        else { return nil }
        func look(_ count: ArmCount) -> ArmCount {
            let exposures = count.exposures / Double(allLooks)
            return ArmCount(exposures: exposures, failures: exposures * count.cautiousShare)
        }
        let fewest = Expectation.fewestLooks(
            toRefute: look(counts.treatment),
            beside: look(counts.control),
            error: LogSum.exponential(-harm.needed) / Double(sharing)
        )
        let looks = fewest * Expectation.timesFewest.toRollBack * burstiness * (1 - harm.progress)
        return ExpectedTime(intervals: max(1, looks), of: interval)
    }

    /// What would end a hold, and when.
    ///
    /// - Parameters:
    ///   - cause: What the check came to.
    ///   - forecast: Of the current step at present traffic; nil where the traffic is not known.
    ///   - policy: What the rollout is judged under.
    /// - Returns: Nil where nothing is held for the cause.
    package func resolution(of cause: Cause, _ forecast: StepForecast?, under policy: Policy) -> String? {
        switch cause {
        case .undecided: resolutionOfUndecided(forecast, under: policy)
        case .tooFewSamples: resolutionOfSamples(forecast, under: policy)
        case .noTraffic: "traffic: nothing is counted in either arm"
        default: nil
        }
    }

    private func resolutionOfUndecided(_ forecast: StepForecast?, under policy: Policy) -> String {
        let deadline = policy.deadlines.undecided
        let otherwise = "the policy \(deadline.action.word) after \(deadline.after)"
        if let time = timeToRollBack(every: policy.interval) {
            return "time: a rollback in \(time.text) if it goes on like this; \(otherwise)"
        }
        if let forecast, let share = counts.treatment.share, share > forecast.tolerance.share {
            return
                "fewer failures: \(NumberText.share(share)) is more than the \(NumberText.share(forecast.tolerance.share)) that may pass; \(otherwise)"
        }
        guard let forecast else { return "more traffic; \(otherwise)" }
        if forecast.deciding <= .about(deadline.after) {
            return "time: decided in \(forecast.deciding.text) at present traffic, if it is harmless"
        }
        let now =
            forecast.deciding == .never ? "" : "decided in \(forecast.deciding.text) at present traffic, "
        return
            "more traffic, or a larger 'tolerate' or 'harmBudget': \(now)\(otherwise)"
    }

    private func resolutionOfSamples(_ forecast: StepForecast?, under policy: Policy) -> String {
        if silence.looks > 0 {
            return
                "clients that have the treatment and say so: silence for \(silenceLimit.looks) intervals and \(NumberText.count(silenceLimit.exposures)) expected exposures is a breach"
        }
        let missing = max(0, Double(samplesNeeded) - counts.treatment.exposures)
        guard missing > 0 else { return "exposures in both arms in the same interval" }
        let deadline = policy.deadlines.tooFewSamples
        let time = forecast.map { ": \($0.sampling.text) at present traffic" } ?? ""
        return
            "\(NumberText.count(missing.rounded(.up))) more exposures of the treatment\(time); the policy \(deadline.action.word) after \(deadline.after)"
    }
}
