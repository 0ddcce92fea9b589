package import Analysis
import Rollout

/// The product's own comparison, begun and fed as a rollout does it.
package struct ComparisonRule: RolloutRule {
    private let settings: ComparisonSettings
    private var progress: ComparisonProgress
    private var blindLooks = 0

    /// How far back the control is known, in looks of a minute.
    package enum History: Int, Sendable {
        case hour = 60
        case day = 1440
    }

    package init(_ traffic: Traffic, history: History, settings: ComparisonSettings = ComparisonSettings()) {
        self.settings = settings
        progress = ComparisonProgress(
            ControlHistory(intervals: traffic.history(minutes: history.rawValue), interval: Self.interval)
        )
    }

    private static let interval = Span.minutes(1)
    /// `blind: 30m`.
    private static let mostBlindLooks = 30

    package mutating func begin(_ position: Position) {
        progress.test.begin(
            StepOutlook(
                share: position.share,
                nextExposures: progress.traffic.map { $0 * position.nextShare },
                isLast: position.isLast
            ),
            under: settings
        )
    }

    package mutating func look(at counts: ComparedCounts?) -> RuleDecision {
        guard let counts else {
            blindLooks += 1
            return blindLooks >= Self.mostBlindLooks ? .rollBack : .hold
        }
        blindLooks = 0
        progress.observe(counts.treatment.exposures + counts.control.exposures, in: Self.interval)
        if counts.treatment.exposures > 0 {
            progress.test.look(at: counts, under: settings)
        } else {
            progress.test.lookAtSilence(beside: counts.control)
        }
        switch progress.test.verdict(under: settings) {
        case .harmful, .silent: return .rollBack
        case .harmless: return isTelling(counts) ? .advance : .hold
        case .undecided: return .hold
        }
    }

    /// Whether a step may be passed on a minute, whatever was seen before: with clients in both arms, and enough of
    /// them in the step.
    private func isTelling(_ counts: ComparedCounts) -> Bool {
        guard let step = progress.test.step else { return false }
        return counts.treatment.exposures > 0
            && (counts.control.exposures > 0 || !step.comparesWithControl)
            && step.counts.treatment.exposures >= Double(Comparison.defaultMinimumSamples)
    }
}
