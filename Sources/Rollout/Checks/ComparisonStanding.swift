package import Analysis

/// How a comparison stands in its step, for people and programs.
package struct ComparisonStanding: Sendable, Equatable {
    package var name: String
    /// What was counted in this step.
    package var counts: ComparedCounts
    package var against: Yardstick
    /// The share that the treatment must stay below for promoting, where that is not the control's own.
    package var allowance: Double?
    /// How many times as often as the control the treatment fails in this step.
    package var ratio: Double?
    /// Where that lies in the whole rollout, with 97.5 % confidence on each side at any time; nil where that cannot be
    /// said.
    package var leastRatio: Double?
    package var largestRatio: Double?
    /// Towards a rollback: of all comparisons of the policy together.
    package var harm: EvidenceLevel
    /// The logarithm of this comparison's own evidence of harm.
    package var ownHarm: Double
    /// How many comparisons share the evidence of harm.
    package var sharing: Int
    /// Towards the next step.
    package var harmlessness: EvidenceLevel
    /// φ: what evidence is divided by.
    package var burstiness: Double
    /// Exposures of both arms a minute, lately; nil before any.
    package var traffic: Double?
    /// Intervals in which the treatment was seen.
    package var allLooks: Int
    /// Those that count for promoting, and how many are needed.
    package var looks: Int
    package var looksNeeded: Int
    package var samplesNeeded: Int
    /// How long the treatment has said nothing while the control talked.
    package var silence: Silence
    package var silenceLimit: Silence.Limit
    package var words: ComparisonWords

    /// What the treatment is held against for rolling back.
    package enum Yardstick: Sendable, Equatable {
        case control
        /// A share of failures that the control's past allows: no control is left.
        case past(Double)
        /// The share of failures that is promised.
        case objective(Double)
    }
}

/// Evidence, and how much is needed to act on it; both as natural logarithms of e-values.
package struct EvidenceLevel: Sendable, Equatable {
    package var reached: Double
    package var needed: Double

    package init(_ reached: Double, of needed: Double) {
        self.reached = reached
        self.needed = needed
    }

    /// 0 without evidence, 1 where it is enough: on the scale of logarithms, on which it grows evenly with time.
    package var progress: Double {
        guard needed > 0, reached > 0 else { return 0 }
        return min(1, reached / needed)
    }

    /// `34 of 102`.
    package var text: String { "\(NumberText.evidence(reached)) of \(NumberText.evidence(needed))" }
}

extension ComparisonStanding {
    /// Nil for a check of another kind, and before the first step; `progress` is that of all checks, for comparisons
    /// share their evidence of harm.
    package init?(of check: Check, in progress: [CheckProgress], under policy: Policy) {
        guard case .comparison(let comparison) = check.rule,
            let own = progress.first(where: { $0.name == check.name })?.comparison,
            let step = own.test.step
        else { return nil }
        let test = own.test
        let settings = comparison.settings(under: policy.comparisons)
        let all = policy.evidencesOfHarm(in: progress)
        let shared = LogEValue.mean(all)
        let comparesArms = comparison.hasControl && step.comparesWithControl
        name = check.name
        counts = step.counts
        against =
            comparison.objective.map(Yardstick.objective)
            ?? step.rollbackBaseline.map(Yardstick.past) ?? .control
        allowance = step.promotionBaseline
        ratio = comparesArms ? step.counts.ratio : nil
        let least = comparesArms ? test.leastRatio(under: settings) : 0
        let largest = comparesArms ? test.largestRatio(under: settings) : .infinity
        leastRatio = least > 0 ? least : nil
        largestRatio = largest.isFinite ? largest : nil
        harm = EvidenceLevel(shared, of: settings.evidenceToRollBack)
        ownHarm = test.evidenceOfHarm
        sharing = all.count
        harmlessness = EvidenceLevel(test.evidenceOfHarmlessness, of: settings.evidenceToPromote)
        burstiness = test.factor(under: settings)
        traffic = own.traffic
        allLooks = step.looks
        looks = step.settledLooks
        looksNeeded = settings.looksNeeded(in: step)
        samplesNeeded = comparison.minimumSamples
        (silence, silenceLimit) = (step.silence, settings.silence)
        words = ComparisonWords(
            test,
            comparison,
            under: settings,
            besides: all.count - 1,
            sharing: shared
        )
    }

    /// `treatment 1.9 × control (1.4 to 2.6 ×), 212 of 18,402 against 601 of 98,311`.
    package var finding: String { "\(words.finding)\(boundsText), \(words.counts)\(words.caveat)" }

    /// Where the ratio lies, as far as that can be said and this step does not say otherwise.
    private var boundsText: String {
        guard let ratio else { return "" }
        let least = leastRatio.flatMap { $0 <= ratio ? NumberText.ratio($0) : nil }
        let largest = largestRatio.flatMap { $0 >= ratio ? NumberText.ratio($0) : nil }
        return switch (least, largest) {
        case (let least?, let largest?): " (\(least) to \(largest) ×)"
        case (let least?, nil): " (at least \(least) ×)"
        case (nil, let largest?): " (at most \(largest) ×)"
        case (nil, nil): ""
        }
    }
}

extension RolloutState {
    /// How each comparison stands, in the policy's order.
    package var comparisonStandings: [ComparisonStanding] {
        policy.checks.compactMap { ComparisonStanding(of: $0, in: progress.checks, under: policy) }
    }
}

extension Policy {
    /// The evidence of harm of all comparisons together; nil where there are none.
    package func evidenceOfHarm(in progress: [CheckProgress]) -> EvidenceLevel? {
        let all = evidencesOfHarm(in: progress)
        guard let comparison = comparisonChecks.first?.comparison, !all.isEmpty else { return nil }
        return EvidenceLevel(
            LogEValue.mean(all),
            of: comparison.settings(under: comparisons).evidenceToRollBack
        )
    }

    /// Of each comparison, as a logarithm.
    fileprivate func evidencesOfHarm(in progress: [CheckProgress]) -> [Double] {
        let names = comparisonChecks.map(\.name)
        return progress.filter { names.contains($0.name) }.compactMap(\.comparison?.test.evidenceOfHarm)
    }
}
