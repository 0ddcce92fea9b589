import Testing

@testable import Analysis

/// `defaults.json`: what `Scripts/analysis` makes of counts under the settings of a policy that names none.
private struct DefaultsVectors: Decodable {
    var meta: Meta
    var sequences: [VectorSequence]

    struct Meta: Decodable {
        var tolerance: ComparisonVectors.Tolerance
        var settings: [String: VectorSettings.Value]
        /// Looks of all sequences together.
        var ticks: Int
    }
}

@Suite("A comparison with default settings decides as the executable reference does")
struct DefaultsVectorTests {
    private let vectors: DefaultsVectors
    private let parameters: VectorSettings

    init() throws {
        vectors = try ComparisonVectors.decoded("../Vectors/defaults.json")
        parameters = try VectorSettings(vectors.meta.settings, changed: [:])
    }

    @Test("after every look of every rollout, incidents included")
    func everyLook() throws {
        var decisions: [String: Int] = [:]
        var incidents = 0
        for sequence in vectors.sequences {
            // All that is known of a rollout beforehand: the sequences change nothing else.
            #expect(Set(sequence.config.keys).isSubset(of: ["phi0"]))
            let changed = try VectorSettings(vectors.meta.settings, changed: sequence.config)
            var rollout = VectorRollout(
                ComparisonSettings(),
                dispersionPrior: changed.settings.dispersionPrior,
                mostUnusable: parameters.mostUnusable
            )
            try rollout.play(sequence) { found, expected, place in
                #expect(expected.phiE != nil && expected.watch != nil && expected.incident != nil, place)
                #expect(vectors.meta.tolerance.allows(found, for: expected), place)
                decisions[found.decision, default: 0] += 1
                if found.incident == true { incidents += 1 }
            }
        }
        #expect(Set(decisions.keys) == ["hold", "promote", "rollback"])
        #expect(decisions.values.reduce(0, +) == vectors.meta.ticks)
        #expect(incidents > 20)
    }

    @Test("whose settings are the defaults, each of them")
    func settings() {
        let found = Mirror(reflecting: parameters.settings).children
        let defaults = Mirror(reflecting: ComparisonSettings()).children
        #expect(found.count == defaults.count)
        for (found, expected) in zip(found, defaults) {
            #expect("\(found.value)" == "\(expected.value)", "\(expected.label ?? "")")
        }
        #expect(parameters.settings == ComparisonSettings())
    }
}
