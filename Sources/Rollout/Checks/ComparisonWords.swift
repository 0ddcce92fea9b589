package import Analysis

/// A comparison in words, for people.
///
/// Cheap: a tick makes them of every check. Bounds, which take a search, are only told of harm.
package struct ComparisonWords: Sendable, Equatable {
    private let test: SequentialComparison
    private let comparison: Comparison
    private let settings: ComparisonSettings
    /// How many other comparisons share the false alarms.
    private let others: Int
    /// The logarithm of the evidence of harm of all of them together.
    private let shared: Double

    /// The words for a test; `shared` is the evidence of harm of it and `others` comparisons together, as a logarithm.
    package init(
        _ test: SequentialComparison,
        _ comparison: Comparison,
        under settings: ComparisonSettings,
        besides others: Int = 0,
        sharing shared: Double? = nil
    ) {
        self.test = test
        self.comparison = comparison
        self.settings = settings
        self.others = others
        self.shared = shared ?? test.evidenceOfHarm
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

    /// `treatment 1.9 × control`, or the treatment's share and what it is held against.
    package var finding: String {
        let share = stepCounts.treatment.share.map(NumberText.share) ?? "nothing"
        if let objective = comparison.objective {
            return "treatment \(share), objective \(NumberText.share(objective))"
        }
        guard step?.comparesWithControl == true else {
            return "treatment \(share), the control's past allows \(allowance)"
        }
        if let ratio = stepCounts.ratio { return "treatment \(NumberText.ratio(ratio)) × control" }
        let failures = stepCounts.treatment.failures
        return failures > 0 ? "treatment \(share), control nothing" : "no failures in either arm"
    }

    private var allowance: String { step?.rollbackBaseline.map(NumberText.share) ?? "nothing" }

    /// How far a rollback is: `evidence of harm 34 of 102 needed`.
    package var evidence: String {
        let needed = NumberText.evidence(settings.evidenceToRollBack)
        let reached = "evidence of harm \(NumberText.evidence(shared)) of \(needed) needed"
        guard others > 0 else { return reached }
        return
            "\(reached) (the mean of \(others + 1) comparisons, \(NumberText.evidence(test.evidenceOfHarm)) here)"
    }

    /// How far a promotion is: `evidence of harmlessness 12 of 20 needed`.
    package var harmlessness: String {
        let needed = NumberText.evidence(settings.evidenceToPromote)
        return
            "evidence of harmlessness \(NumberText.evidence(test.evidenceOfHarmlessness)) of \(needed) needed"
    }

    package var healthy: String { "\(finding), \(counts)\(caveat)" }

    /// What is missing: evidence, intervals, or that an incident or a suspicion goes away.
    package var undecided: String { "\(finding), \(counts); \(missing)\(caveat)" }

    private var missing: String {
        if test.isIncident(under: settings) {
            return
                "the control itself fails far more often than before, and nobody new is exposed while that lasts"
        }
        guard test.evidenceOfHarmlessness >= settings.evidenceToPromote, let step else { return harmlessness }
        let looks = settings.looksNeeded(in: step)
        if step.settledLooks < looks { return "\(step.settledLooks) of \(looks) intervals needed" }
        let limit = NumberText.decimal(settings.caution, places: 0)
        return
            "evidence of harm \(NumberText.evidence(test.evidenceOfHarm)): nothing is promoted from \(limit) on"
    }

    package var harmful: String {
        "\(finding)\(leastText), \(counts); \(evidence)\(caveat)"
    }

    /// Of the whole rollout: where this step alone says otherwise, so it is said.
    private var leastText: String {
        let least = test.leastRatio(under: settings)
        guard step?.comparesWithControl == true, least > 1 else { return "" }
        let isOfStep = stepCounts.ratio.map { $0 >= least } ?? true
        return " (at least \(NumberText.ratio(least)) ×\(isOfStep ? "" : " in the whole rollout"))"
    }

    /// What it means that nobody is left to compare with.
    var caveat: String {
        guard comparison.hasControl, step?.comparesWithControl == false else { return "" }
        return "; no control is left: an incident that hits everybody is blamed on the flag"
    }

    package var silence: String {
        let silence = step?.silence ?? Silence()
        let looks = silence.looks == 1 ? "1 interval" : "\(silence.looks) intervals"
        return
            "the treatment has said nothing for \(looks), \(NumberText.count(silence.expected)) exposures were to be expected"
    }
}

extension ComparedStep {
    /// Whether rolling back holds the treatment against the control, and not against a share.
    package var comparesWithControl: Bool { rollbackBaseline == nil }
}

extension ComparisonSettings {
    /// How many settled looks a step needs before it is passed.
    package func looksNeeded(in step: ComparedStep) -> Int {
        step.isLast ? leastLooks.last : leastLooks.step
    }
}

extension ArmCount {
    /// `212 of 18,402`.
    package var words: String { "\(NumberText.count(failures)) of \(NumberText.count(exposures))" }
}
