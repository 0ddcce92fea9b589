import Analysis
import FoundationEssentials
import Testing
import TidegateTestKit

@Suite("Evidence stays a number")
struct ExtremeCountsTests {
    @Test("over 100,000 looks, for and against", arguments: [-0.4, 0, 0.3, -40])
    func longBets(evidence: Double) throws {
        var mixture = RestartedMixture()
        let alternatives: [Alternative] = .even([1.5, 8])
        for look in 0..<100_000 {
            mixture.bet(spending: look == 0 ? 0.7 : 1.0 / 60, on: alternatives) {
                $0.ratio > 2 ? evidence : 0
            }
        }
        #expect(mixture.logEvidence.isFinite)
        #expect(mixture.reserve >= 0)
        #expect(mixture.logWealth.allSatisfy { $0.isFinite })
        // Half of everything was bet on what neither wins nor loses, or wins.
        #expect(mixture.logEvidence >= -1)
        let saved = try JSONEncoder().encode(mixture)
        #expect(try JSONDecoder().decode(RestartedMixture.self, from: saved) == mixture)
    }

    private static func arm(using random: inout SeededGenerator) -> ArmCount {
        let exposures: Double = [0, 1, 2, 60, 1e5, 1e9].randomElement(using: &random) ?? 0
        let failures: Double = [0, 1, 0.01 * exposures, exposures].randomElement(using: &random) ?? 0
        return ArmCount(exposures: exposures, failures: min(exposures, failures.rounded()))
    }

    @Test(
        "with nothing, one and a thousand million in every mixture",
        arguments: 1...150 as ClosedRange<UInt64>
    )
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var settings = ComparisonSettings()
        if Bool.random(using: &random) { settings.mostEvidencePerLook = nil }
        if Bool.random(using: &random) { settings.harmless = Margin(ratio: 1.2, addition: 0.001) }
        var comparison = SequentialComparison(
            dispersionPrior: [1, 3, 200].randomElement(using: &random) ?? 1,
            history: Self.arm(using: &random)
        )
        for look in 0..<30 {
            if look == 0 || Int.random(in: 0..<8, using: &random) == 0 {
                let outlook = StepOutlook(
                    share: [nil, 0, 0.001, 0.5, 1].randomElement(using: &random) ?? nil,
                    nextExposures: [nil, 0, 1, 1e9].randomElement(using: &random) ?? nil,
                    hasControl: Bool.random(using: &random),
                    isLast: Bool.random(using: &random),
                    objective: [nil, nil, 0, 0.01, 1].randomElement(using: &random) ?? nil
                )
                comparison.begin(outlook, under: settings)
            }
            let counts = ComparedCounts(
                treatment: Self.arm(using: &random),
                control: Self.arm(using: &random)
            )
            comparison.look(at: counts, under: settings)
            if counts.treatment.exposures == 0 { comparison.lookAtSilence(beside: counts.control) }
            let place = Comment("seed \(seed), look \(look), \(counts)")
            #expect(comparison.evidenceOfHarm.isFinite, place)
            #expect(comparison.evidenceOfHarmlessness.isFinite, place)
            #expect((1...200).contains(comparison.factor(under: settings)), place)
            // No JSON has a word for anything else.
            _ = try JSONEncoder().encode(comparison)
        }
        let least = comparison.leastRatio(under: settings)
        let largest = comparison.largestRatio(under: settings)
        #expect(least >= 0 && least <= largest, "seed \(seed): \(least)…\(largest)")
    }
}
