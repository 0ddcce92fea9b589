package import Analysis
package import Assignment

/// Failures among exposures of the treatment against those of the control, by a test that may be looked at after
/// every interval.
package struct Comparison: Sendable, Equatable, Codable {
    package var measure: ComparisonMeasure
    /// The share of failures that is promised, above 0 and below 1: what counts where it is given, instead of a
    /// control.
    package var objective: Double?
    /// How many times the control's share of failures may still be promoted, from 1 on.
    package var tolerate: Double
    /// How many failures a minute more may still be promoted, above 0.
    package var harmBudget: Double
    /// How many exposures of the treatment a step must have seen before it is passed.
    package var minimumSamples: Int

    package static let defaultTolerate = 1.5
    package static let defaultHarmBudget = 1.0
    package static let defaultMinimumSamples = 100

    package init(
        measure: ComparisonMeasure,
        objective: Double? = nil,
        tolerate: Double = Comparison.defaultTolerate,
        harmBudget: Double = Comparison.defaultHarmBudget,
        minimumSamples: Int = Comparison.defaultMinimumSamples
    ) {
        self.measure = measure
        self.objective = objective
        self.tolerate = tolerate
        self.harmBudget = harmBudget
        self.minimumSamples = minimumSamples
    }

    /// Whether clients without the treatment are what it is held against.
    package var hasControl: Bool { objective == nil }

    /// How many intervals that begin after the flag's readers have settled a step needs before it can be passed.
    package static func leastIntervals(inLastStep isLast: Bool) -> Int {
        let looks = ComparisonSettings().leastLooks
        return isLast ? looks.last : looks.step
    }
}

/// What a comparison counts as failures; `$variant` stands for each variant's name.
package enum ComparisonMeasure: Sendable, Equatable, Codable {
    /// Two selectors of counters.
    case failures(selector: String, exposures: String)
    /// A selector of a histogram's base name, and the duration from which an observation counts as a failure.
    case slow(histogram: String, bound: Span)
}

/// What all comparisons of a policy share.
package struct ComparisonTerms: Sendable, Equatable, Codable {
    /// How probable a rollback of a harmless treatment may be in the whole rollout, above 0 and below 1.
    package var falseAlarms: Double
    /// The share of clients that keeps the control until the verdict.
    ///
    /// A step of 100 % is baked without them. Without any, an incident in the last step is blamed on the flag.
    package var holdback: Percentage

    package static let defaultFalseAlarms = 0.01
    /// 5 %.
    package static let defaultHoldback = Percentage(buckets: 5_000) ?? .zero

    package init(
        falseAlarms: Double = ComparisonTerms.defaultFalseAlarms,
        holdback: Percentage = ComparisonTerms.defaultHoldback
    ) {
        self.falseAlarms = falseAlarms
        self.holdback = holdback
    }
}

extension Comparison {
    /// How the test judges, sharing `terms` with the policy's other comparisons.
    package func settings(under terms: ComparisonTerms?) -> ComparisonSettings {
        var settings = ComparisonSettings()
        settings.falseAlarms = terms?.falseAlarms ?? ComparisonTerms.defaultFalseAlarms
        settings.toleratedRatio = tolerate
        settings.harmBudget = harmBudget
        return settings
    }
}

extension Policy {
    /// The comparisons among the checks, by the checks' names.
    package var comparisonChecks: [(name: String, comparison: Comparison)] {
        checks.compactMap { check in
            if case .comparison(let comparison) = check.rule { (check.name, comparison) } else { nil }
        }
    }

    /// The share of clients that keeps the control while the last step is baked; none without a comparison that
    /// needs them.
    package var holdback: Percentage {
        guard comparisonChecks.contains(where: \.comparison.hasControl) else { return .zero }
        return comparisons?.holdback ?? ComparisonTerms.defaultHoldback
    }

    /// What a step exposes while it is baked: its percentage, less those held back where it is everybody.
    package func exposure(of step: Step) -> Percentage {
        guard step.percentage == .hundred else { return step.percentage }
        return Percentage(buckets: Percentage.bucketCount - holdback.buckets) ?? step.percentage
    }

    /// What is exposed once every step is baked; nobody without steps.
    package var finalExposure: Percentage { steps.last?.percentage ?? .zero }
}
