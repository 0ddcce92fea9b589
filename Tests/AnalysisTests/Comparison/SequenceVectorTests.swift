import Testing

@testable import Analysis

@Suite("A comparison decides as an independent implementation does")
struct SequenceVectorTests {
    @Test("after every look of every rollout, under the settings it was first written for")
    func everyLook() throws {
        let vectors = try ComparisonVectors.read()
        var decisions: [String: Int] = [:]
        for sequence in vectors.sequences {
            let parameters = try VectorSettings(vectors.meta.defaults, changed: sequence.config)
            var rollout = VectorRollout(
                parameters.settings,
                dispersionPrior: parameters.settings.dispersionPrior,
                mostUnusable: parameters.mostUnusable
            )
            try rollout.play(sequence) { found, expected, place in
                #expect(vectors.meta.tolerance.allows(found, for: expected), place)
                decisions[found.decision, default: 0] += 1
            }
        }
        // Every decision there is comes about.
        #expect(Set(decisions.keys) == ["hold", "promote", "rollback", "rollback_blind"])
        #expect(decisions.values.reduce(0, +) == 619)
    }
}
