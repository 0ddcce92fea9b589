@testable import Analysis

/// What stands around a comparison in a rollout, as far as the vectors need it.
///
/// A look whose counts are missing or contradict each other is never shown to the comparison. Too many of them in a
/// row end the rollout by a deadline that belongs to another part of the program, so they are counted here.
struct VectorRollout {
    private(set) var comparison: SequentialComparison
    let settings: ComparisonSettings
    private let mostUnusable: Int
    private var unusable = 0

    init(_ parameters: VectorSettings) {
        settings = parameters.settings
        mostUnusable = parameters.mostUnusable
        comparison = SequentialComparison(dispersionPrior: settings.dispersionPrior)
    }

    /// Begins anew with what the control did before: nothing has been looked at yet.
    mutating func remember(failures: Double, of exposures: Double) {
        comparison = SequentialComparison(
            dispersionPrior: settings.dispersionPrior,
            history: ArmCount(exposures: exposures, failures: failures)
        )
    }

    mutating func begin(_ step: VectorSequence.Step) {
        let outlook = StepOutlook(
            share: step.frac,
            nextExposures: step.nNext,
            hasControl: step.control,
            isLast: step.final,
            objective: step.slo
        )
        comparison.begin(outlook, under: settings)
    }

    /// What the vectors call the decision after a look.
    mutating func decision(after tick: VectorSequence.Tick) -> String {
        let treated = tick.n ?? 0
        if let exposures = tick.m, exposures > 0, treated == 0 {
            comparison.lookAtSilence(beside: ArmCount(exposures: exposures, failures: tick.b ?? 0))
        }
        guard let counts = tick.counts, counts.treatment.exposures > 0 else {
            unusable += 1
            let isOver = unusable >= mostUnusable || comparison.verdict(under: settings) == .silent
            return isOver ? "rollback_blind" : "hold"
        }
        unusable = 0
        comparison.look(at: counts, under: settings)
        return switch comparison.verdict(under: settings) {
        case .undecided: "hold"
        case .harmless: "promote"
        case .harmful: "rollback"
        case .silent: "rollback_blind"
        }
    }
}

extension VectorSequence.Tick {
    /// Nil where they are missing or cannot be.
    fileprivate var counts: ComparedCounts? {
        guard valid, let n, let a, let m, let b else { return nil }
        guard a >= 0, a <= n, b >= 0, b <= m, (n + m).isFinite else { return nil }
        return ComparedCounts(
            treatment: ArmCount(exposures: n, failures: a),
            control: ArmCount(exposures: m, failures: b)
        )
    }
}
