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
        if isSilent(step, under: settings) { return .silent }
        if (shared ?? evidenceOfHarm) >= settings.evidenceToRollBack { return .harmful }
        let needed = step.isLast ? settings.leastLooks.last : settings.leastLooks.step
        let isCautious = evidenceOfHarm >= SpecialFunctions.logarithm(settings.caution)
        guard step.settledLooks >= needed, !isCautious, !isIncident(under: settings),
            evidenceOfHarmlessness >= settings.evidenceToPromote
        else { return .undecided }
        return .harmless
    }

    /// Whether the treatment has been silent for too long to be chance.
    ///
    /// The same few clients do not become more by being counted every minute: that none of them was drawn into a
    /// treatment nobody has ever heard of may well be chance.
    private func isSilent(_ step: ComparedStep, under settings: ComparisonSettings) -> Bool {
        guard step.silence.reaches(settings.silence) else { return false }
        let expectedAtOnce = step.silence.expected / Double(max(1, step.silence.looks))
        return looks > 0 || expectedAtOnce >= SpecialFunctions.logarithm(1 / settings.falseAlarms)
    }

    /// Whether the control itself fails far more often than it used to: nothing is promoted meanwhile.
    package func isIncident(under settings: ComparisonSettings) -> Bool {
        // Where no control is left, nothing could ever show that it is over.
        settings.holdsDuringIncidents && (step?.expectedRatio ?? 0) > 0
            && watch.isIncident(by: settings.incident)
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
