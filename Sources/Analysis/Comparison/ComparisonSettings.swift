/// How a comparison judges: error budgets, margins, and what the tests are most sensitive to.
package struct ComparisonSettings: Sendable, Equatable {
    /// α: how probable a rollback of a harmless treatment may be in the whole rollout, however often it is looked at.
    package var falseAlarms = 0.01
    /// β: how probable it may be that a step is passed by a treatment that fails more than tolerated.
    package var wrongPromotions = 0.05
    /// What counts as harmless: rolling back refutes it.
    package var harmless = Margin(ratio: 1)
    /// ρ of what counts as harmful, above 1: promoting refutes it; its δ comes from ``harmBudget``.
    package var toleratedRatio = 1.5
    /// Failures more that are tolerated per unit of time, at the next step's traffic.
    package var harmBudget = 1.0
    /// The least and the most that the harm budget may come to as a difference of shares.
    package var toleratedAddition = 0.0005...0.01
    /// The part of ``falseAlarms`` that pays for a baseline from the past being off.
    package var baselinePart = 0.02
    /// How many times a baseline from the past may be exceeded, where no control is left to compare with.
    package var frozenTolerance = 2.0

    /// In multiples of ``harmless``'s ratio, each above 1.
    ///
    /// Most weight is where regressions are common; the rare ones are found fast with little.
    package var regressions = zip([1.5, 2.2, 3.5, 8, 30], [0.2, 0.25, 0.25, 0.2, 0.1])
        .map { Alternative(ratio: $0, weight: $1) }
    /// In multiples of ``toleratedRatio``, each below 1.
    package var improvements: [Alternative] = .even([0.05, 0.2, 0.4, 0.6, 0.8])
    /// The parts of the reserve that the rollback test bets.
    package var regressionStakes = Stakes(first: 0.85, step: 0.6, later: .shrinking(offset: 30))
    /// Those of the promotion test, which begins anew with every step.
    package var improvementStakes = Stakes(first: 0.85, step: 0.85, later: .constant(1.0 / 60))

    /// The most evidence one look may add, in multiples of ln(1/α); nil for no limit.
    package var mostEvidencePerLook: Double? = 1
    /// From this share of failing exposures on, and so many of them, that limit does not hold.
    package var catastrophe = Threshold(share: 0.25, exposures: 10)

    /// φ before anything is known of a rollout.
    package var dispersionPrior = 1.0
    /// How many looks the prior of φ weighs.
    package var dispersionPriorWeight = 30.0
    /// What estimates of φ above 1 are multiplied by, in their excess.
    package var dispersionSafety = 1.3
    /// How many standard errors the estimate of φ may exceed 1 by before the rollback test takes it for more.
    ///
    /// Chance around 1 would slow it down where failures are independent.
    package var dispersionBand = 1.5
    /// Whether φ is learnt while the rollout runs.
    package var learnsDispersion = true

    /// Looks of a step that the promotion test leaves out.
    package var warmUp = 1
    /// Looks a step needs, and how many the last one does.
    package var leastLooks = LeastLooks(step: 5, last: 10)
    /// Evidence of harm from which nothing is promoted, as an e-value.
    package var caution = 10.0
    /// When a silent treatment beside a talking control is dead: after so many looks, and exposures expected in them.
    package var silence = Silence.Limit(looks: 5, exposures: 30)
    /// Whether nothing is promoted while the control fails far more often than it used to.
    package var holdsDuringIncidents = true
    /// From when on it does.
    package var incident = IncidentWatch.Limit(tolerance: 1.5, factor: 4, evidence: 2.5)

    package init() {}

    /// The ratios that bounds are reported with.
    package static let reportedAlternatives = [1.5, 2.2, 3.5, 8, 30]

    /// Parts of a reserve, each 0…1, known before the look they are bet at.
    ///
    /// The first of them is above 0: what was never bet has no logarithm.
    package struct Stakes: Sendable, Equatable {
        /// At the very first look.
        package var first: Double
        /// At the first look of a later step.
        package var step: Double
        package var later: Later

        package init(first: Double, step: Double, later: Later) {
            self.first = first
            self.step = step
            self.later = later
        }

        /// At any other look.
        package enum Later: Sendable, Equatable {
            case constant(Double)
            /// 1/(t + offset) at look t of the rollout.
            case shrinking(offset: Double)
        }

        /// At look `number`, counted from 1.
        func later(at number: Int) -> Double {
            switch later {
            case .constant(let part): part
            case .shrinking(let offset): 1 / (Double(number) + offset)
            }
        }
    }

    /// A share of at least so many exposures.
    package struct Threshold: Sendable, Equatable {
        package var share: Double
        package var exposures: Double

        func isReached(by count: ArmCount) -> Bool {
            count.exposures >= exposures && count.failures >= share * count.exposures
        }
    }

    /// Looks a step must have had before it is passed.
    package struct LeastLooks: Sendable, Equatable {
        package var step: Int
        package var last: Int
    }
}

extension ComparisonSettings {
    /// What a rollback needs: ln(1/((1 − s)·α)), where s is ``baselinePart``.
    package var evidenceToRollBack: Double {
        SpecialFunctions.logarithm(1 / ((1 - baselinePart) * falseAlarms))
    }

    /// ``frozenTolerance`` for promotions: stricter by as much as ``toleratedRatio`` is stricter than its default.
    var promotionTolerance: Double {
        min(frozenTolerance, frozenTolerance * toleratedRatio / ComparisonSettings().toleratedRatio)
    }

    /// ln(1/β): what a promotion needs.
    package var evidenceToPromote: Double {
        SpecialFunctions.logarithm(1 / wrongPromotions)
    }

    /// How probable it may be that the baseline's bound for rolling back, or promoting, is on the wrong side.
    var baselineErrors: (rollingBack: Double, promoting: Double) {
        (baselinePart * falseAlarms, 0.2 * wrongPromotions)
    }

    /// δ of what counts as harmful.
    ///
    /// - Parameter exposures: Of the treatment at the next step, in the harm budget's unit of time; nil or 0 where
    ///   nobody knows, which is taken for endless.
    /// - Returns: A difference of shares within ``toleratedAddition``.
    package func addition(expecting exposures: Double?) -> Double {
        guard let exposures, exposures > 0 else { return toleratedAddition.lowerBound }
        return (harmBudget / exposures).clamped(to: toleratedAddition)
    }
}
