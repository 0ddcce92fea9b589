package import Assignment

/// What a person should know before a rollout begins.
package struct OutlookWarning: Sendable, Equatable {
    package var check: String
    package var exposure: Percentage
    package var kind: Kind

    package enum Kind: Sendable, Equatable {
        /// A harmless treatment is undecided for longer than the policy waits.
        case undecidedTooLong(ExpectedTime, Deadline)
        /// Samples take longer than the policy waits.
        case samplesTooLong(ExpectedTime, Deadline)
        /// A treatment that fails twice as often may pass every step before it is found.
        case mayPass(found: ExpectedTime)
    }

    /// Kebab case, never reworded.
    package var code: String {
        switch kind {
        case .undecidedTooLong: "undecided-too-long"
        case .samplesTooLong: "samples-too-long"
        case .mayPass: "may-pass"
        }
    }

    package var text: String {
        let place = "\(check) at \(exposure)"
        switch kind {
        case .undecidedTooLong(let time, let deadline):
            return
                "\(place): a harmless treatment is decided \(time.promise); the policy \(deadline.action.word) after \(deadline.after) undecided"
        case .samplesTooLong(let time, let deadline):
            return
                "\(place): enough samples come \(time.promise); the policy \(deadline.action.word) after \(deadline.after) of too few"
        case .mayPass(let found):
            return
                "\(check): a treatment that fails twice as often as it should is tolerated at every step, and may pass before it is found (\(found.text) at \(exposure))"
        }
    }

    /// Those of a policy's checks, in the order of the steps.
    static func all(of checks: [CheckOutlook], under policy: Policy) -> [OutlookWarning] {
        checks.flatMap { check in
            check.steps.flatMap { step in
                kinds(step, under: policy.deadlines).map {
                    OutlookWarning(check: check.name, exposure: step.exposure, kind: $0)
                }
            } + [mayPass(check)].compactMap(\.self)
        }
    }

    private static func kinds(_ step: StepForecast, under deadlines: Deadlines) -> [Kind] {
        var kinds: [Kind] = []
        if step.deciding > .about(deadlines.undecided.after) {
            kinds.append(.undecidedTooLong(step.deciding, deadlines.undecided))
        }
        if step.sampling > .about(deadlines.tooFewSamples.after) {
            kinds.append(.samplesTooLong(step.sampling, deadlines.tooFewSamples))
        }
        return kinds
    }

    /// What is not tolerated at some step is held there until it is found: only what is tolerated at all may pass.
    private static func mayPass(_ check: CheckOutlook) -> OutlookWarning? {
        guard check.objective == nil else { return nil }
        let twice = Regression.times(2)
        let soonest = check.steps.compactMap { step -> (Percentage, ExpectedTime)? in
            guard let found = step.findings.first(where: { $0.regression == twice })?.time else { return nil }
            return (step.exposure, found)
        }
        .min { $0.1 < $1.1 }
        let isPassing = check.steps.allSatisfy { step in
            let isTolerated = twice.share(of: check.traffic.failing) <= step.tolerance.share
            let isSlow = step.findings.contains { $0.regression == twice && $0.time > step.passing }
            return isTolerated && isSlow
        }
        guard isPassing, let (exposure, found) = soonest else { return nil }
        return OutlookWarning(check: check.name, exposure: exposure, kind: .mayPass(found: found))
    }
}

extension DeadlineAction {
    /// What a policy does: `pauses`.
    package var word: String {
        switch self {
        case .pause: "pauses"
        case .rollback: "rolls back"
        }
    }
}
