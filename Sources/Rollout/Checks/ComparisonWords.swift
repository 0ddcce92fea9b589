package import Analysis

/// A comparison in words, for people.
package struct ComparisonWords: Sendable, Equatable {
    private let test: SequentialComparison
    private let comparison: Comparison
    private let settings: ComparisonSettings
    /// How many other comparisons share the false alarms.
    private let others: Int

    package init(
        _ test: SequentialComparison,
        _ comparison: Comparison,
        under settings: ComparisonSettings,
        besides others: Int = 0
    ) {
        self.test = test
        self.comparison = comparison
        self.settings = settings
        self.others = others
    }

    private var step: ComparedStep? { test.step }
    private var stepCounts: ComparedCounts { step?.counts ?? ComparedCounts() }

    /// How many times as often as the control the treatment fails in this step, or its share of failures where there
    /// is no control.
    package var value: Double? {
        step?.comparesWithControl == true ? stepCounts.ratio : stepCounts.treatment.share
    }

    /// This step's counts: `212 of 18,402 against 601 of 98,311`.
    package var counts: String {
        let treated = stepCounts.treatment.words
        return step?.comparesWithControl == true ? "\(treated) against \(stepCounts.control.words)" : treated
    }

    /// `treatment 1.9 × control`, or the treatment's share.
    private var comparisonText: String {
        guard step?.comparesWithControl == true else {
            let share = stepCounts.treatment.share.map { NumberText.percent($0) } ?? "nothing"
            let baseline = step?.rollbackBaseline.map { NumberText.percent($0) } ?? "nothing"
            let what = comparison.objective == nil ? "what the past allows" : "the objective"
            return "treatment \(share), \(what) \(baseline)"
        }
        guard let ratio = stepCounts.ratio else { return "treatment beside control" }
        return "treatment \(NumberText.decimal(ratio, places: 1)) × control"
    }

    /// How far a rollback is: `evidence of harm 34 of 111 needed`.
    package var evidence: String {
        let needed = settings.evidenceToRollBack
        return
            "evidence of harm \(NumberText.magnitude(test.evidenceOfHarm)) of \(NumberText.magnitude(needed)) needed"
    }

    package var healthy: String { "\(comparisonText), \(counts)" }

    package var undecided: String {
        if test.isIncident(under: settings) {
            return "\(comparisonText), \(counts); the control itself fails far more often than before: "
                + "nobody new is exposed while that lasts"
        }
        let needed = settings.evidenceToPromote
        let safe =
            "evidence of harmlessness \(NumberText.magnitude(test.evidenceOfHarmlessness)) of \(NumberText.magnitude(needed)) needed"
        return "\(comparisonText), \(counts); \(safe)"
    }

    package var harmful: String {
        let least = test.leastRatio(under: settings)
        let bound = least > 1 ? " (at least \(NumberText.decimal(least, places: 1)) ×)" : ""
        return "\(comparisonText)\(bound), \(counts); \(evidence)"
    }

    package var silence: String {
        let silence = step?.silence ?? Silence()
        return
            "the treatment has said nothing for \(silence.looks) intervals, \(NumberText.count(silence.expected)) exposures were to be expected"
    }
}

extension ComparedStep {
    /// Whether rolling back holds the treatment against the control, and not against a share.
    package var comparesWithControl: Bool { rollbackBaseline == nil }
}

extension ArmCount {
    fileprivate var words: String { "\(NumberText.count(failures)) of \(NumberText.count(exposures))" }
}

extension NumberText {
    /// A number known by its natural logarithm, rounded: `34`, `0.4`, `1e+12`.
    package static func magnitude(_ logarithm: Double) -> String {
        let value = LogSum.exponential(logarithm)
        if value >= 1e6 { return "over a million" }
        return value >= 10 ? count(value) : decimal(value, places: 1)
    }
}
