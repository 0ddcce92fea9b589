import Testing

@testable import Analysis

@Suite("A comparison's verdict")
struct ComparisonVerdictTests {
    private let settings = ComparisonSettings()

    private static func counts(_ n: Double, _ a: Double, _ m: Double, _ b: Double) -> ComparedCounts {
        ComparedCounts(
            treatment: ArmCount(exposures: n, failures: a),
            control: ArmCount(exposures: m, failures: b)
        )
    }

    private func begun() -> SequentialComparison {
        var comparison = SequentialComparison(dispersionPrior: 1)
        comparison.begin(StepOutlook(share: 0.1, nextExposures: 600), under: settings)
        return comparison
    }

    @Test("is undecided before the first step, and looks there are not counted")
    func beforeSteps() {
        var comparison = SequentialComparison(dispersionPrior: 1)
        comparison.look(at: Self.counts(100, 100, 900, 0), under: settings)
        #expect(comparison.verdict(under: settings) == .undecided)
        #expect(comparison == SequentialComparison(dispersionPrior: 1))
    }

    @Test("waits for a step's least number of settled looks, and the last step's", arguments: [false, true])
    func leastLooks(isLast: Bool) {
        // The last step is held against what the control did before.
        let history = ArmCount(exposures: 1e6, failures: 4_000)
        var comparison = SequentialComparison(dispersionPrior: 1, history: history)
        comparison.begin(StepOutlook(share: 0.1, nextExposures: 600, isLast: isLast), under: settings)
        let least = isLast ? settings.leastLooks.last : settings.leastLooks.step
        // Of so many exposures a single look would be enough.
        let look = Self.counts(100_000, 400, 900_000, 3_600)
        for _ in 0..<20 { comparison.look(at: look, isSettled: false, under: settings) }
        #expect(comparison.evidenceOfHarmlessness == 0)
        for settled in 1...least {
            #expect(comparison.verdict(under: settings) == .undecided, "look \(settled)")
            comparison.look(at: look, under: settings)
        }
        #expect(comparison.verdict(under: settings) == .harmless)
    }

    @Test("rolls back from looks at clients that have not settled")
    func unsettled() {
        var comparison = begun()
        comparison.look(at: Self.counts(100, 60, 900, 5), isSettled: false, under: settings)
        #expect(comparison.verdict(under: settings) == .harmful)
    }

    @Test("is not reached by one look unless a quarter of its exposures fail")
    func limit() {
        var comparison = begun()
        comparison.look(at: Self.counts(1_000, 249, 9_000, 5), under: settings)
        #expect(comparison.verdict(under: settings) == .undecided)
        comparison = begun()
        comparison.look(at: Self.counts(1_000, 250, 9_000, 5), under: settings)
        #expect(comparison.verdict(under: settings) == .harmful)
    }

    @Test("is not promotion while there is some evidence of harm")
    func caution() {
        var settings = settings
        var comparison = begun()
        for _ in 0..<10 { comparison.look(at: Self.counts(10_000, 40, 90_000, 360), under: settings) }
        #expect(comparison.verdict(under: settings) == .harmless)
        settings.caution = 0.001
        #expect(comparison.verdict(under: settings) == .undecided)
    }

    @Test("takes harm from what all comparisons say together, where they share an error")
    func sharing() {
        var comparison = begun()
        comparison.look(at: Self.counts(100, 60, 900, 5), under: settings)
        let needed = settings.evidenceToRollBack
        #expect(comparison.verdict(under: settings, sharing: needed - 0.01) == .undecided)
        #expect(comparison.verdict(under: settings, sharing: needed) == .harmful)
    }

    @Test("is silence after as many looks and expected exposures, and ends with the first sign of life")
    func silence() {
        var comparison = begun()
        // A ninth of 270 is 30, in every look.
        for _ in 0..<4 { comparison.lookAtSilence(beside: ArmCount(exposures: 270)) }
        #expect(comparison.verdict(under: settings) == .undecided)
        comparison.lookAtSilence(beside: ArmCount(exposures: 270))
        #expect(comparison.verdict(under: settings) == .silent)
        comparison.look(at: Self.counts(1, 0, 270, 0), under: settings)
        #expect(comparison.verdict(under: settings) == .undecided)
        for _ in 0..<20 { comparison.lookAtSilence(beside: ArmCount(exposures: 9)) }
        #expect(comparison.verdict(under: settings) == .undecided)
    }

    @Test("forgets a step's evidence of harmlessness with the step, and keeps that of harm")
    func nextStep() {
        var comparison = begun()
        for _ in 0..<6 { comparison.look(at: Self.counts(10_000, 40, 90_000, 360), under: settings) }
        let harm = comparison.evidenceOfHarm
        #expect(comparison.verdict(under: settings) == .harmless)
        comparison.begin(StepOutlook(share: 0.5, nextExposures: 50_000), under: settings)
        #expect(comparison.verdict(under: settings) == .undecided)
        #expect(comparison.evidenceOfHarm == harm)
        #expect(comparison.evidenceOfHarmlessness == 0)
        #expect(comparison.formerSteps == [Self.counts(60_000, 240, 540_000, 2_160)])
    }

    @Test("bounds the ratio from both sides")
    func bounds() {
        var comparison = begun()
        for _ in 0..<10 { comparison.look(at: Self.counts(1_000, 40, 9_000, 180), under: settings) }
        let least = comparison.leastRatio(under: settings)
        let largest = comparison.largestRatio(under: settings)
        #expect(least > 1.5 && least < 2)
        #expect(largest > 2 && largest < 2.6)
        #expect(begun().leastRatio(under: settings) == 0)
        #expect(begun().largestRatio(under: settings) == .infinity)
    }
}
