package import Analysis

/// The product's own comparison, fed as a rollout feeds it.
package struct ComparisonRule: RolloutRule {
    private let settings: ComparisonSettings
    private let requestsPerLook: Double
    private var test: SequentialComparison
    private var blindLooks = 0

    /// How far back the control is known.
    package enum History: Int, Sendable {
        case hour = 60
        case day = 1440
    }

    package init(_ traffic: Traffic, history: History, settings: ComparisonSettings = ComparisonSettings()) {
        self.settings = settings
        requestsPerLook = traffic.cell.requestsPerLook
        let known = traffic.history(minutes: history.rawValue)
        let total = known.reduce(ArmCount(), +)
        let prior =
            total.failures >= Self.tellingFailures ? Dispersion.prior(from: known) : Self.cautiousPrior
        test = SequentialComparison(dispersionPrior: prior, history: total)
    }

    /// How many failures history needs to tell burstiness, and what is assumed with fewer.
    private static let (tellingFailures, cautiousPrior) = (20.0, 3.0)
    /// `blind: 30m`.
    private static let mostBlindLooks = 30

    package mutating func begin(_ position: Position) {
        test.begin(
            StepOutlook(
                share: position.share,
                nextExposures: requestsPerLook * position.nextShare,
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
        if counts.treatment.exposures > 0 {
            test.look(at: counts, under: settings)
        } else {
            test.lookAtSilence(beside: counts.control)
        }
        switch test.verdict(under: settings) {
        case .harmful, .silent: return .rollBack
        // Whatever was seen before: no step is passed on a minute without a client that has the treatment.
        case .harmless: return counts.treatment.exposures > 0 ? .advance : .hold
        case .undecided: return .hold
        }
    }
}
