import Analysis
package import Assignment

/// What one comparison is expected to come to in one step.
package struct StepForecast: Sendable, Equatable {
    /// Counts from 0.
    package var step: Int
    /// The share of clients that has the treatment meanwhile.
    package var exposure: Percentage
    /// How long a harmless treatment takes to pass, from now or from the step's beginning.
    package var passing: ExpectedTime
    /// What of it the evidence takes: how long the comparison is undecided.
    package var deciding: ExpectedTime
    /// What of it the policy's least number of samples takes.
    package var sampling: ExpectedTime
    package var findings: [Finding]
    /// The smallest multiple of the control's failures that is expected to be found while the step is baked, above 1.
    ///
    /// Nil where not even a treatment that always fails is.
    package var smallestFound: Double?
    package var tolerance: Tolerance

    /// How soon a regression is found.
    package struct Finding: Sendable, Equatable {
        package var regression: Regression
        package var time: ExpectedTime
    }

    /// What may still be promoted.
    package struct Tolerance: Sendable, Equatable {
        /// Of the control's share of failures; nil where an objective or the control's past counts instead.
        package var ratio: Double?
        /// Failures a minute that the treatment may bring about beside that, at the next step's exposure.
        package var failuresPerMinute: Double
        /// Both together: the largest share of failures that may still pass, 0…1.
        package var share: Double
    }
}

/// A treatment that fails more often than it should.
package enum Regression: Sendable, Equatable {
    /// So many times as often as the control, above 1.
    case times(Double)
    /// Always.
    case always

    /// Those a forecast is made for.
    package static let foreseen: [Regression] = [.times(2), .times(5), .always]

    /// The share of failures of a treatment whose control has `failing`.
    package func share(of failing: Double) -> Double {
        switch self {
        case .times(let ratio): min(1, ratio * failing)
        case .always: 1
        }
    }
}

/// What a comparison has gathered in a step already.
struct Gathered: Sendable, Equatable {
    var settling: Span
    var baking: Span
    var looks = 0
    var samples = 0.0
    /// The logarithm of the evidence of harmlessness.
    var evidence = 0.0
}

/// Works out one step of one comparison by the planning rule: the least that any test needs, times what this one
/// was measured to take, times the burstiness.
struct StepForecasting {
    var comparison: Comparison
    var settings: ComparisonSettings
    var traffic: ExpectedTraffic
    /// How many comparisons share the false alarms.
    var sharing: Int
    var interval: Span
    var exposure: Percentage
    /// The share of clients that has the treatment, 0…1.
    var share: Double
    /// The share that will have it in the next step.
    var nextShare: Double
    /// What it is held against.
    var step: ComparedStep

    /// Exposures of one look.
    private var look: (treatment: Double, control: Double) {
        let all = traffic.exposures * interval.seconds / 60
        return (all * share, comparison.hasControl ? all * (1 - share) : 0)
    }

    /// What is expected in so many looks.
    func counts(of looks: Double) -> ComparedCounts {
        let (treated, controlled) = (look.treatment * looks, look.control * looks)
        return ComparedCounts(
            treatment: ArmCount(exposures: treated, failures: treated * traffic.failing),
            control: ArmCount(exposures: controlled, failures: controlled * traffic.failing)
        )
    }

    func forecast(_ index: Int, bake: Span, after gathered: Gathered) -> StepForecast {
        let needed = step.isLast ? settings.leastLooks.last : settings.leastLooks.step
        let looks = ExpectedTime(intervals: Double(max(0, needed - gathered.looks)), of: interval)
        let missing = max(0, Double(comparison.minimumSamples) - gathered.samples)
        let sampling = ExpectedTime(
            intervals: look.treatment > 0 ? missing / look.treatment : .infinity,
            of: interval
        )
        let left = max(0, 1 - gathered.evidence / settings.evidenceToPromote)
        let evidence = ExpectedTime(intervals: left == 0 ? 0 : left * looksToPromote, of: interval)
        let deciding = max(looks, evidence)
        return StepForecast(
            step: index,
            exposure: exposure,
            passing: max(.about(gathered.baking), deciding, sampling) + gathered.settling,
            deciding: deciding,
            sampling: sampling,
            findings: Regression.foreseen.map { regression in
                let looks = looksToFind(regression.share(of: traffic.failing))
                return StepForecast.Finding(
                    regression: regression,
                    time: ExpectedTime(intervals: looks, of: interval)
                )
            },
            smallestFound: smallestRatio(
                within: max(Double(needed), bake.seconds / max(0.001, interval.seconds))
            ),
            tolerance: tolerance
        )
    }

    /// How many looks a harmless treatment needs on average until it is passed.
    private var looksToPromote: Double {
        let treated = ArmCount(exposures: look.treatment, failures: look.treatment * traffic.failing)
        let fewest: Double
        if let baseline = step.promotionBaseline {
            fewest = Expectation.fewestLooks(
                toShow: treated,
                .below,
                baseline,
                error: settings.wrongPromotions
            )
        } else {
            fewest = Expectation.fewestLooks(
                toShow: treated,
                beside: ArmCount(exposures: look.control, failures: look.control * traffic.failing),
                within: Margin(ratio: settings.toleratedRatio, addition: step.addition),
                error: settings.wrongPromotions
            )
        }
        return fewest * Expectation.timesFewest.toPromote * traffic.burstiness
    }

    /// How many looks a treatment with a share of failures is seen on average until it is rolled back.
    private func looksToFind(_ failing: Double) -> Double {
        let treated = ArmCount(exposures: look.treatment, failures: look.treatment * failing)
        let error = settings.falseAlarms / Double(max(1, sharing))
        let fewest: Double
        if let baseline = step.rollbackBaseline {
            fewest = Expectation.fewestLooks(toShow: treated, .above, baseline, error: error)
        } else if failing > traffic.failing {
            fewest = Expectation.fewestLooks(
                toRefute: treated,
                beside: ArmCount(exposures: look.control, failures: look.control * traffic.failing),
                error: error
            )
        } else {
            fewest = .infinity
        }
        let isCatastrophic =
            failing >= settings.catastrophe.share && look.treatment >= settings.catastrophe.exposures
        // What one look may add is limited, but for catastrophes: one look alone does not roll back.
        let least: Double = isCatastrophic || settings.mostEvidencePerLook == nil ? 1 : 2
        return max(least, fewest * Expectation.timesFewest.toRollBack * traffic.burstiness)
    }

    private func smallestRatio(within looks: Double) -> Double? {
        let largest = 1 / traffic.failing
        func isFound(_ ratio: Double) -> Bool { looksToFind(min(1, ratio * traffic.failing)) <= looks }
        guard largest > 1, isFound(largest) else { return nil }
        var (low, high) = (1.0, largest)
        for _ in 0..<60 {
            let middle = (low * high).squareRoot()
            if isFound(middle) { high = middle } else { low = middle }
        }
        return high
    }

    private var tolerance: StepForecast.Tolerance {
        if let objective = comparison.objective {
            return StepForecast.Tolerance(ratio: nil, failuresPerMinute: 0, share: objective)
        }
        let budget = step.addition * traffic.exposures * nextShare
        if let baseline = step.promotionBaseline {
            return StepForecast.Tolerance(ratio: nil, failuresPerMinute: budget, share: baseline)
        }
        return StepForecast.Tolerance(
            ratio: settings.toleratedRatio,
            failuresPerMinute: budget,
            share: min(1, settings.toleratedRatio * traffic.failing + step.addition)
        )
    }
}
