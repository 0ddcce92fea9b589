import Assignment
import Rollout

/// What other mappings say about the keys that all comparisons of a policy share.
enum ComparisonTermsKeys {
    static let atTheTop = [
        "holdback": "at the top of the policy: it holds for the last step",
        "falseAlarms": "at the top of the policy: it holds for the whole rollout",
        "alpha": "as 'falseAlarms' at the top of the policy: it holds for the whole rollout",
        "maxFalsePositive": "as 'falseAlarms' at the top of the policy: it holds for the whole rollout",
    ]

    static let advice = [
        "confidence": "write what is left of it at the top of the policy: 'falseAlarms: 1%' for 99 %",
        "confidenceLevel": "write what is left of it at the top of the policy: 'falseAlarms: 1%' for 99 %",
    ]
}

extension Value {
    /// The largest share of rollbacks that may be for nothing.
    private static let mostFalseAlarms = 0.1
    /// So few make a rollback wait for evidence.
    private static let fewFalseAlarms = 0.0001
    /// More would no longer be a rollout to everybody.
    private static let mostHeldBack = Percentage(percent: 50) ?? .hundred

    /// What the comparisons among `checks` share; nil without any, or when something was found wrong.
    ///
    /// Called on the policy. What `checks`, `steps` or `algorithm` would decide is not judged where they are nil.
    func comparisonTerms(
        _ fields: Fields<PolicyKey>,
        of checks: [Check]?,
        steps: [Step]?,
        by algorithm: HashAlgorithm?
    ) -> ComparisonTerms? {
        let usual = ComparisonTerms()
        let falseAlarms = fields.optional(.falseAlarms, default: usual.falseAlarms) { $0.falseAlarms() }
        let holdback = fields.optional(.holdback, default: usual.holdback) { $0.holdback(by: algorithm) }
        guard let checks else { return nil }
        let comparisons = checks.compactMap(\.comparison)
        guard !comparisons.isEmpty else {
            for key in [PolicyKey.falseAlarms, .holdback] {
                fields[key]?.failWithoutComparison("no check has 'compare'")
            }
            return nil
        }
        guard comparisons.contains(where: \.hasControl) else {
            fields[.holdback]?.failWithoutComparison("every comparison has an objective, and none a control")
            return falseAlarms.map { ComparisonTerms(falseAlarms: $0) }
        }
        guard let falseAlarms, let holdback else { return nil }
        judgeHoldback(holdback, fields, steps: steps ?? [])
        return ComparisonTerms(falseAlarms: falseAlarms, holdback: holdback)
    }

    private func falseAlarms() -> Double? {
        guard let (text, number) = ratio(), let value = number.value else { return nil }
        let isPercent = number.unit == "%"
        guard value > 0, let share = isPercent ? number.hundredth : value else {
            let hint = "who never wants to be wrong never rolls back; usual is '1%'"
            return fail("false-alarms-too-low", "\(name) must be above 0, but it is \(text)", hint: hint)
        }
        guard isPercent || value < 1 else { return failAsAmbiguous(text, value) }
        guard share <= Self.mostFalseAlarms else {
            let message = "'\(text)' rolls back more than one harmless rollout in ten"
            return fail("false-alarms-too-high", message, hint: "write at most '10%'; usual is '1%'")
        }
        if share < Self.fewFalseAlarms {
            let message = "with false alarms as rare as \(text), harm is found late"
            warn("slow-detection", message, hint: "usual is '1%'")
        }
        return share
    }

    /// The share of clients that keeps the control while the last step is baked.
    private func holdback(by algorithm: HashAlgorithm?) -> Percentage? {
        let hint = "usual is '5%'; a rollout that is meant to end earlier says 'stopsShort: true'"
        guard let holdback = percentage(atMost: Self.mostHeldBack, otherwise: hint) else { return nil }
        guard let algorithm, holdback > .zero else { return holdback }
        let word = algorithm.rawValue
        guard algorithm.expresses(holdback) else {
            return fail(
                "fine-step",
                "\(holdback) is no multiple of \(algorithm.finestStep), the finest step of '\(word)'",
                hint:
                    "write a multiple of \(algorithm.finestStep), or choose a finer 'algorithm' such as 'flagd-v2'"
            )
        }
        guard algorithm.treatedBuckets(at: holdback.rest) < algorithm.bucketCount else {
            let message = "'\(word)' treats one bucket more than asked for, and \(holdback) is one bucket"
            return fail("fine-step", message, hint: "write at least two times as much")
        }
        return holdback
    }

    private func judgeHoldback(_ holdback: Percentage, _ fields: Fields<PolicyKey>, steps: [Step]) {
        guard let last = steps.last?.percentage else { return }
        guard last == .hundred else {
            return fields.refuse(
                .holdback,
                because: "the last step is \(last), which leaves the rest with the control"
            )
        }
        guard holdback > .zero else {
            fields[.holdback]?.warn(
                "no-holdback",
                "nobody keeps the control in the last step: an incident then is blamed on the flag",
                hint: "usual is '5%'"
            )
            return
        }
        for (item, step) in zip(fields[.steps]?.items ?? [], steps)
        where step.percentage < .hundred && step.percentage >= holdback.rest {
            findings.error(
                "step-within-holdback",
                "the last step is baked at \(holdback.rest): \(step.percentage) before it is not less",
                hint: "leave the step out, or hold back less than \(step.percentage.rest)",
                at: (item.value(under: StepKey.percentage) ?? item).place
            )
        }
    }

    private func failWithoutComparison(_ reason: String) {
        let message = "\(name) means nothing here: \(reason)"
        findings.error("no-comparison", message, hint: "leave it out, or compare", at: place)
    }
}

extension Percentage {
    /// Everybody else.
    fileprivate var rest: Percentage {
        Percentage(buckets: Percentage.bucketCount - buckets) ?? .zero
    }
}

extension Check {
    /// The comparison, if it is one.
    var comparison: Comparison? {
        if case .comparison(let comparison) = rule { comparison } else { nil }
    }
}
