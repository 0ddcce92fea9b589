import Testing

@testable import Analysis

@Suite("A comparison decides as an independent implementation does")
struct SequenceVectorTests {
    @Test("after every look of every rollout")
    func everyLook() throws {
        let vectors = try ComparisonVectors.read()
        var decisions: [String: Int] = [:]
        for sequence in vectors.sequences {
            for decision in try replay(sequence, in: vectors.meta) { decisions[decision, default: 0] += 1 }
        }
        // Every decision there is comes about.
        #expect(Set(decisions.keys) == ["hold", "promote", "rollback", "rollback_blind"])
        #expect(decisions.values.reduce(0, +) == 619)
    }

    /// Plays a rollout, holds every look against what is expected, and returns the decisions.
    private func replay(_ sequence: VectorSequence, in meta: ComparisonVectors.Meta) throws -> [String] {
        var rollout = VectorRollout(try VectorSettings(meta.defaults, changed: sequence.config))
        var decisions: [String] = []
        for (index, event) in sequence.events.enumerated() {
            if let history = event.setHistory {
                rollout.remember(failures: history[0], of: history[1])
            } else if let step = event.startStep {
                rollout.begin(step)
            } else {
                let tick = try #require(event.tick)
                let expected = try #require(event.expect)
                let decision = rollout.decision(after: tick)
                let found = VectorSequence.Expectation(
                    decision: decision,
                    logE: rollout.comparison.evidenceOfHarm,
                    logP: rollout.comparison.evidenceOfHarmlessness,
                    phi: rollout.comparison.factor(under: rollout.settings)
                )
                #expect(
                    agree(found, expected, meta.tolerance),
                    "\(sequence.name), event \(index): \(found) for \(expected)"
                )
                decisions.append(decision)
            }
        }
        return decisions
    }

    private func agree(
        _ found: VectorSequence.Expectation,
        _ expected: VectorSequence.Expectation,
        _ tolerance: ComparisonVectors.Tolerance
    ) -> Bool {
        found.decision == expected.decision
            && tolerance.allows(found.logE, for: expected.logE)
            && tolerance.allows(found.logP, for: expected.logP)
            && tolerance.allows(found.phi, for: expected.phi)
    }
}
