/// What a comparison says after a look.
package enum ComparisonVerdict: Sendable, Equatable, CaseIterable {
    /// The treatment fails more often than the control: beyond what chance brings about.
    case harmful
    /// It does not fail more than tolerated.
    case harmless
    /// Neither can be said yet.
    case undecided
    /// The control talks and the treatment does not.
    case silent
}

extension SequentialComparison {
    /// The natural logarithm of the evidence of harm: 0 at the beginning, a rollback from
    /// ``ComparisonSettings/evidenceToRollBack`` on.
    package var evidenceOfHarm: Double { regression.logEvidence }

    /// The natural logarithm of the evidence of harmlessness in this step: a promotion from ln(1/β) on.
    package var evidenceOfHarmlessness: Double { improvement.logEvidence }

    /// The verdict.
    ///
    /// - Parameters:
    ///   - settings: What the looks were counted under.
    ///   - shared: The evidence of harm of all comparisons that share the false alarms: the mean of their e-values;
    ///     this one's own where nil.
    /// - Returns: What may be acted upon; ``undecided`` before the first step.
    package func verdict(under settings: ComparisonSettings, sharing shared: Double? = nil)
        -> ComparisonVerdict
    {
        guard let step else { return .undecided }
        if step.silence.reaches(settings.silence) { return .silent }
        if (shared ?? evidenceOfHarm) >= settings.evidenceToRollBack { return .harmful }
        let needed = step.isLast ? settings.leastLooks.last : settings.leastLooks.step
        let isCautious = evidenceOfHarm >= SpecialFunctions.logarithm(settings.caution)
        guard step.settledLooks >= needed, !isCautious, !isIncident(under: settings),
            evidenceOfHarmlessness >= settings.evidenceToPromote
        else { return .undecided }
        return .harmless
    }

    /// Whether the control itself fails far more often than it used to: nothing is promoted meanwhile.
    package func isIncident(under settings: ComparisonSettings) -> Bool {
        settings.holdsDuringIncidents && watch.isIncident(by: settings.incident)
    }

    /// How many times as often as the control the treatment fails at least, with 97.5 % confidence at any time.
    ///
    /// 0 where that cannot be said. Looks of one step are added up: its arms keep their proportion.
    package func leastRatio(under settings: ComparisonSettings) -> Double {
        ratioBound(.lower, under: settings)
    }

    /// The same as a largest ratio; infinite where that cannot be said.
    package func largestRatio(under settings: ComparisonSettings) -> Double {
        ratioBound(.upper, under: settings)
    }

    private func ratioBound(_ side: Proportion.Side, under settings: ComparisonSettings) -> Double {
        RatioBound.bound(
            formerSteps + [step?.counts].compactMap(\.self),
            error: 0.025,
            side,
            dispersion: factor(under: settings)
        )
    }
}
