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
    /// How many looks were counted, over all steps.
    package private(set) var looks = 0
    /// All looks at both arms.
    package private(set) var totals = ComparedCounts()
    /// What the control counted in them, but for those of incidents: what a last step is held against.
    package private(set) var calm = ArmCount()
    /// The counts of former steps, in the order of the rollout; only the newest few.
    package private(set) var formerSteps: [ComparedCounts] = []
    /// Whether the control is itself.
    package private(set) var watch: IncidentWatch
    /// Nil before the first step.
    package private(set) var step: ComparedStep?

    /// Begins with what is known from before.
    ///
    /// - Parameters:
    ///   - dispersionPrior: φ as history has it, 1 or more.
    ///   - history: The control's failures before the rollout: how it usually fails, and what a step without a
    ///     control is held against.
    ///   - looks: How many intervals of a look's length they were counted in.
    package init(dispersionPrior: Double, history: ArmCount = ArmCount(), over looks: Int = 0) {
        dispersion = Dispersion(prior: dispersionPrior, looks: looks > 0 ? looks : Dispersion.fewLooks)
        self.history = history
        watch = IncidentWatch(history: history, over: looks)
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
        let baseline = baseline(from: known(beside: outlook), under: settings)
        if !outlook.hasControl { step.rollbackBaseline = baseline(.upper, settings.harmless.addition) }
        // Of a last step's few controls not enough is learnt in any reasonable time.
        let isThin = outlook.isLast && ratio >= Self.thinControl && known(beside: outlook).exposures > 0
        if !outlook.hasControl || isThin {
            step.promotionBaseline = baseline(.lower, step.addition)
        }
        return step
    }

    /// How many exposures of the treatment go with one of the control where that is too few to promote by.
    private static let thinControl = 4.0

    /// What is known of the control: of the rollout itself where it still has some, for what was before it may have
    /// been another hour's traffic.
    private func known(beside outlook: StepOutlook) -> ArmCount {
        outlook.hasControl && calm.exposures > 0 ? calm : calm + history
    }

    /// The share of failures that the control's past allows.
    private func baseline(
        from known: ArmCount,
        under settings: ComparisonSettings
    ) -> (Proportion.Side, Double) -> Double {
        let factor = factor(under: settings)
        return { side, addition in
            let errors = settings.baselineErrors
            let bound = Proportion.anytimeBound(
                known.failures / factor,
                of: known.exposures / factor,
                error: side == .upper ? errors.rollingBack : errors.promoting,
                side
            )
            let tolerance = side == .upper ? settings.frozenTolerance : settings.promotionTolerance
            return min(tolerance * bound + addition, 1 - 1e-9)
        }
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
        looks += 1
        bet(onRegressionIn: step, counts, under: settings)
        step.looks += 1
        if isSettled {
            step.settledLooks += 1
            bet(onImprovementIn: step, counts, factor, under: settings)
        }
        step.counts = step.counts + counts
        step.silence.end()
        self.step = step
        learn(from: counts)
        watch(counts.control, factor, under: settings)
    }

    private mutating func bet(
        onRegressionIn step: ComparedStep,
        _ counts: ComparedCounts,
        under settings: ComparisonSettings
    ) {
        let divisor = dispersion.bandedFactor(under: settings)
        let most = mostEvidence(of: counts.treatment, under: settings)
        let stakes = settings.regressionStakes
        let later = step.looks == 0 ? stakes.step : stakes.later(at: looks)
        regression.bet(
            spending: regression.hasBet ? later : stakes.first,
            on: settings.regressions
        ) { alternative in
            min(step.regression(counts, at: alternative.ratio, under: settings) / divisor, most)
        }
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
            spending: improvement.hasBet ? stakes.later(at: looks) : stakes.first,
            on: settings.improvements
        ) { alternative in
            step.improvement(counts, at: alternative.ratio, under: settings) / factor
        }
    }

    /// What was shown beside a burning control does not count: an incident that adds as many failures to both arms
    /// hides those of the treatment.
    private mutating func watch(_ control: ArmCount, _ factor: Double, under settings: ComparisonSettings) {
        guard control.exposures > 0 else { return }
        watch.look(at: control, dispersion: factor, against: settings.incident)
        guard isIncident(under: settings) else {
            calm = calm + control
            return
        }
        improvement.forgetGains()
        step?.settledLooks = 0
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
    /// What history and the looks so far say together, without any safety.
    private func estimate(under settings: ComparisonSettings) -> Double {
        guard settings.learnsDispersion else { return prior }
        let weight = settings.dispersionPriorWeight
        return (weight * prior + squares) / (weight + Double(count))
    }

    /// φ with the settings' safety: what promotions and baselines are divided by.
    fileprivate func factor(under settings: ComparisonSettings) -> Double {
        (1 + settings.dispersionSafety * (estimate(under: settings) - 1)).clamped(to: Self.range)
    }

    /// φ for the rollback test: 1 where the estimate cannot be told from it.
    ///
    /// Half a squared successive difference of independent counts has the variance 3: two of its own, one shared with
    /// its neighbours.
    package func bandedFactor(under settings: ComparisonSettings) -> Double {
        let weight = settings.dispersionPriorWeight
        let error =
            (3 * (weight * weight / Double(priorLooks) + Double(count))).squareRoot()
            / (weight + Double(count))
        guard estimate(under: settings) - 1 > settings.dispersionBand * error else { return 1 }
        return factor(under: settings)
    }
}
