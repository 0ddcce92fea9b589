import Assignment
import Rollout

/// The keys of a step.
enum StepKey: String, SectionKey {
    case percentage, bake

    static let section = "a step"
    static let later = ["approve", "approval", "approvals", "freeze"]
    static let synonyms: [String: StepKey] = [
        "percent": .percentage, "weight": .percentage, "setWeight": .percentage, "share": .percentage,
        "duration": .bake, "pause": .bake, "for": .bake, "wait": .bake,
    ]
    static let elsewhere = ComparisonTermsKeys.atTheTop
}

extension Value {
    /// The steps, with strictly rising percentages up to everybody unless the policy says that it stops short.
    ///
    /// What `interval`, `stopsShort` or `algorithm` would decide is not judged where they are nil: found wrong before.
    func steps(interval: Span?, stopsShort: Bool?, by algorithm: HashAlgorithm?) -> [Step]? {
        guard let items = items("step") else { return nil }
        var steps: [Step] = []
        var isComplete = true
        for item in items {
            guard let step = item.step(after: steps.last, interval: interval, by: algorithm) else {
                isComplete = false
                continue
            }
            steps.append(step)
        }
        if isComplete, let stopsShort, let last = steps.last {
            items.last?.judgeEnd(last.percentage, stopsShort: stopsShort)
        }
        return isComplete ? steps : nil
    }

    private func step(after previous: Step?, interval: Span?, by algorithm: HashAlgorithm?) -> Step? {
        guard let fields = Fields(self, keys: StepKey.self) else { return nil }
        let bake = fields.required(.bake) { $0.bake(interval: interval) }
        let percentage = fields.required(.percentage) {
            $0.percentage(above: previous?.percentage, by: algorithm)
        }
        guard let percentage, let bake else { return nil }
        return Step(percentage: percentage, bake: bake)
    }

    private func percentage(above previous: Percentage?, by algorithm: HashAlgorithm?) -> Percentage? {
        guard let percentage = percentage() else { return nil }
        if let algorithm, !algorithm.expresses(percentage) {
            findings.error(
                "fine-step",
                "\(percentage) is no multiple of \(algorithm.finestStep), the finest step of '\(algorithm.rawValue)'",
                hint:
                    "write a multiple of \(algorithm.finestStep), or choose a finer 'algorithm' such as 'flagd-v2'",
                at: place
            )
        }
        guard let previous, percentage <= previous else { return percentage }
        let message =
            percentage == previous
            ? "the percentage stays at \(percentage)"
            : "the percentage falls from \(previous) to \(percentage)"
        findings.error(
            "percentage-not-rising",
            message,
            hint: "every step must expose more than the one before",
            at: place
        )
        return percentage
    }

    private func bake(interval: Span?) -> Span? {
        guard let bake = span(atLeast: .milliseconds(1)) else { return nil }
        if let interval, bake < interval {
            let hint = "bake for at least \(interval), or judge more often with a shorter 'interval'"
            return fail(
                "bake-shorter-than-interval",
                "a bake of \(bake) ends before the first interval of \(interval)",
                hint: hint
            )
        }
        return bake
    }

    private func judgeEnd(_ last: Percentage, stopsShort: Bool) {
        if last < .hundred, !stopsShort {
            let hint =
                "add a step of 100, or write 'stopsShort: true' if the rollout is meant to end at \(last)"
            findings.error("stops-short", "the last step is \(last)", hint: hint, at: place)
        } else if last == .hundred, stopsShort {
            let message = "the policy says 'stopsShort: true', but its last step is \(last)"
            findings.error("stops-short", message, hint: "leave 'stopsShort' out", at: place)
        }
    }
}
