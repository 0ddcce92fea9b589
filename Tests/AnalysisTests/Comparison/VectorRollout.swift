import Testing

@testable import Analysis

/// What stands around a comparison in a rollout, as far as the vectors need it.
///
/// A look whose counts are missing or contradict each other is never shown to the comparison. Too many of them in a
/// row end the rollout by a deadline that belongs to another part of the program, so they are counted here.
struct VectorRollout {
    private(set) var comparison: SequentialComparison
    let settings: ComparisonSettings
    private let dispersionPrior: Double
    private let mostUnusable: Int
    private var unusable = 0

    init(_ settings: ComparisonSettings, dispersionPrior: Double, mostUnusable: Int) {
        self.settings = settings
        self.dispersionPrior = dispersionPrior
        self.mostUnusable = mostUnusable
        comparison = SequentialComparison(dispersionPrior: dispersionPrior)
    }

    /// Plays a sequence's events, and says after every look what came about and what is expected.
    mutating func play(
        _ sequence: VectorSequence,
        then check: (_ found: VectorSequence.Expectation, _ expected: VectorSequence.Expectation, Comment) ->
            Void
    ) throws {
        for (index, event) in sequence.events.enumerated() {
            if let history = event.setHistory {
                remember(failures: history[0], of: history[1], over: history.count > 2 ? Int(history[2]) : 0)
            } else if let step = event.startStep {
                begin(step)
            } else {
                let tick = try #require(event.tick)
                let expected = try #require(event.expect)
                let decision = decision(after: tick)
                let found = state(after: decision)
                check(found, expected, "\(sequence.name), event \(index): \(found) for \(expected)")
            }
        }
    }

    private func state(after decision: String) -> VectorSequence.Expectation {
        VectorSequence.Expectation(
            decision: decision,
            logE: comparison.evidenceOfHarm,
            logP: comparison.evidenceOfHarmlessness,
            phi: comparison.factor(under: settings),
            phiE: comparison.dispersion.bandedFactor(under: settings),
            watch: comparison.watch.evidence,
            incident: comparison.isIncident(under: settings)
        )
    }

    /// Begins anew with what the control did before: nothing has been looked at yet.
    private mutating func remember(failures: Double, of exposures: Double, over looks: Int) {
        comparison = SequentialComparison(
            dispersionPrior: dispersionPrior,
            history: ArmCount(exposures: exposures, failures: failures),
            over: looks
        )
    }

    private mutating func begin(_ step: VectorSequence.Step) {
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
    private mutating func decision(after tick: VectorSequence.Tick) -> String {
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

extension ComparisonVectors.Tolerance {
    /// Whether a look has come out as expected, as far as the file knows what to expect.
    func allows(_ found: VectorSequence.Expectation, for expected: VectorSequence.Expectation) -> Bool {
        found.decision == expected.decision
            && allows(found.logE, for: expected.logE)
            && allows(found.logP, for: expected.logP)
            && allows(found.phi, for: expected.phi)
            && (expected.phiE.map { allows(found.phiE ?? .nan, for: $0) } ?? true)
            && (expected.watch.map { allows(found.watch ?? .nan, for: $0) } ?? true)
            && (expected.incident.map { $0 == found.incident } ?? true)
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
