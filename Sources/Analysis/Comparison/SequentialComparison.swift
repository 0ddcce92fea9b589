/// A test of treatment against control that may be looked at after every interval, for as long as a rollout takes.
///
/// Two supermartingales: one can only ask for a rollback, one only for a promotion; where neither does, the rollout
/// waits. Both compare the arms within every look, so an incident that hits both is not blamed on the treatment.
/// A small value, kept between two looks.
package struct SequentialComparison: Sendable, Equatable, Codable {
    /// Evidence of harm, over the whole rollout.
    package private(set) var regression = RestartedMixture()
    /// Evidence of harmlessness, of this step alone.
    package private(set) var improvement = RestartedMixture()
    package private(set) var dispersion: Dispersion
    /// The control's failures before the rollout.
    package private(set) var history: ArmCount
    /// All looks at both arms.
    package private(set) var totals = ComparedCounts()
    /// The counts of former steps, in the order of the rollout; only the newest few.
    package private(set) var formerSteps: [ComparedCounts] = []
    /// Nil before the first step.
    package private(set) var step: ComparedStep?

    /// Begins with what is known from before.
    ///
    /// - Parameters:
    ///   - dispersionPrior: φ as history has it, 1 or more.
    ///   - history: The control's failures before the rollout; needed only where a step has no control.
    package init(dispersionPrior: Double, history: ArmCount = ArmCount()) {
        dispersion = Dispersion(prior: dispersionPrior)
        self.history = history
    }

    private static let mostFormerSteps = 16

    /// Begins a step: the promotion test anew, the rollback test with a part of its reserve.
    package mutating func begin(_ outlook: StepOutlook, under settings: ComparisonSettings) {
        if let step, step.looks > 0 {
            formerSteps = (formerSteps + [step.counts]).suffix(Self.mostFormerSteps)
        }
        improvement = RestartedMixture()
        step = step(outlook, under: settings)
    }

    private func step(_ outlook: StepOutlook, under settings: ComparisonSettings) -> ComparedStep {
        var ratio = 0.0
        if outlook.hasControl, let share = outlook.share, share > 0, share < 1 { ratio = share / (1 - share) }
        var step = ComparedStep(
            addition: settings.addition(expecting: outlook.nextExposures),
            expectedRatio: ratio,
            isLast: outlook.isLast
        )
        if let objective = outlook.objective {
            (step.rollbackBaseline, step.promotionBaseline) = (objective, objective)
            return step
        }
        let baseline = baseline(under: settings)
        if !outlook.hasControl { step.rollbackBaseline = baseline(.upper, settings.harmless.addition) }
        // Of the last step's few controls not enough is learnt in any reasonable time.
        if !outlook.hasControl || outlook.isLast {
            step.promotionBaseline = baseline(.lower, step.addition)
        }
        return step
    }

    /// The share of failures that the control's past allows.
    private func baseline(under settings: ComparisonSettings) -> (Proportion.Side, Double) -> Double {
        let factor = factor(under: settings)
        let known = totals.control + history
        return { side, addition in
            let errors = settings.baselineErrors
            let bound = Proportion.anytimeBound(
                known.failures / factor,
                of: known.exposures / factor,
                error: side == .upper ? errors.rollingBack : errors.promoting,
                side
            )
            return min(settings.frozenTolerance * bound + addition, 1 - 1e-9)
        }
    }

    /// Whether the control fares so much worse than its past allows that something must be hitting both arms.
    ///
    /// The ratio of the arms is still fair then, but a promotion would rest on hours that are unlike all others, and
    /// expose more clients while something is broken.
    ///
    /// - Parameters:
    ///   - control: What a look counted that is not fed yet.
    ///   - settings: The same for the whole rollout; ``ComparisonSettings/caution`` is the evidence that is needed.
    /// - Returns: False where nothing is known of the control.
    package func isIncident(_ control: ArmCount, under settings: ComparisonSettings) -> Bool {
        let allowed = baseline(under: settings)(.upper, settings.toleratedAddition.lowerBound)
        let factor = factor(under: settings)
        let evidence = settings.regressions.map { alternative in
            LogEValue.oneArm(control, against: allowed, factor: alternative.ratio) / factor
        }
        return LogEValue.mean(evidence) >= SpecialFunctions.logarithm(settings.caution)
    }

    /// Counts one more look at which the treatment had exposures.
    ///
    /// - Parameters:
    ///   - counts: Of this look alone; consistent, and with exposures of the treatment.
    ///   - isSettled: Whether it began after the clients had settled: before, it may roll back but not promote.
    ///   - settings: The same for the whole rollout.
    package mutating func look(
        at counts: ComparedCounts,
        isSettled: Bool = true,
        under settings: ComparisonSettings
    ) {
        guard var step, counts.treatment.exposures > 0 else { return }
        let factor = factor(under: settings)
        let most = mostEvidence(of: counts.treatment, under: settings)
        let isFirst = !regression.hasBet
        let stakes = settings.regressionStakes
        regression.bet(
            spending: isFirst ? stakes.first : step.looks == 0 ? stakes.step : stakes.look,
            on: settings.regressions
        ) { alternative in
            let evidence = step.regression(counts, at: alternative.ratio, under: settings)
            return min(evidence / factor, most)
        }
        step.looks += 1
        if isSettled {
            step.settledLooks += 1
            bet(onImprovementIn: step, counts, factor, under: settings)
        }
        step.counts = step.counts + counts
        step.silence.end()
        self.step = step
        learn(from: counts)
    }

    private mutating func bet(
        onImprovementIn step: ComparedStep,
        _ counts: ComparedCounts,
        _ factor: Double,
        under settings: ComparisonSettings
    ) {
        guard step.settledLooks > settings.warmUp else { return }
        let stakes = settings.improvementStakes
        improvement.bet(
            spending: improvement.hasBet ? stakes.look : stakes.first,
            on: settings.improvements
        ) { alternative in
            step.improvement(counts, at: alternative.ratio, under: settings) / factor
        }
    }

    private mutating func learn(from counts: ComparedCounts) {
        guard counts.control.exposures > 0 else { return }
        totals = totals + counts
        dispersion.learn(from: counts, totals: totals)
    }

    /// Counts one more look at which the control talked and the treatment did not.
    package mutating func lookAtSilence(beside control: ArmCount) {
        guard var step, step.expectedRatio > 0, control.exposures > 0 else { return }
        step.silence.goOn(expecting: control.exposures * step.expectedRatio)
        self.step = step
    }

    /// What evidence is divided by: known before the look it is applied to.
    package func factor(under settings: ComparisonSettings) -> Double {
        dispersion.factor(under: settings)
    }

    private func mostEvidence(of treatment: ArmCount, under settings: ComparisonSettings) -> Double {
        guard let most = settings.mostEvidencePerLook, !settings.catastrophe.isReached(by: treatment) else {
            return .infinity
        }
        return most * SpecialFunctions.logarithm(1 / settings.falseAlarms)
    }
}

extension ComparedStep {
    fileprivate func regression(
        _ counts: ComparedCounts,
        at ratio: Double,
        under settings: ComparisonSettings
    ) -> Double {
        if let rollbackBaseline {
            return LogEValue.oneArm(counts.treatment, against: rollbackBaseline, factor: ratio)
        }
        return LogEValue.twoArms(
            counts,
            against: settings.harmless,
            alternative: ratio * settings.harmless.ratio
        )
    }

    fileprivate func improvement(
        _ counts: ComparedCounts,
        at ratio: Double,
        under settings: ComparisonSettings
    ) -> Double {
        if let promotionBaseline {
            return LogEValue.oneArm(counts.treatment, against: promotionBaseline, factor: ratio)
        }
        return LogEValue.twoArms(
            counts,
            against: Margin(ratio: settings.toleratedRatio, addition: addition),
            alternative: ratio * settings.toleratedRatio
        )
    }
}

extension Dispersion {
    /// φ with the settings' safety: what history and the looks so far say together.
    fileprivate func factor(under settings: ComparisonSettings) -> Double {
        var estimate = prior
        if settings.learnsDispersion {
            let weight = settings.dispersionPriorWeight
            estimate = (weight * prior + squares) / (weight + Double(count))
        }
        return (1 + settings.dispersionSafety * (estimate - 1)).clamped(to: Self.range)
    }
}
