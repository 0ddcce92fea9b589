import Analysis
import Testing

@Suite("An incident, seen in the control of one look")
struct IncidentTests {
    private let settings = ComparisonSettings()

    /// A control of which 2 % have failed before the rollout.
    private func comparison(dispersion: Double = 1) -> SequentialComparison {
        SequentialComparison(
            dispersionPrior: dispersion,
            history: ArmCount(exposures: 100_000, failures: 2_000)
        )
    }

    private func isIncident(_ failures: Double, of exposures: Double, after test: SequentialComparison)
        -> Bool
    {
        test.isIncident(ArmCount(exposures: exposures, failures: failures), under: settings)
    }

    @Test("is far more failures than the past allows, in whatever traffic")
    func tenfold() {
        for exposures in [60.0, 1_000, 50_000] {
            #expect(isIncident(0.2 * exposures, of: exposures, after: comparison()))
            // Twice as many may be the time of day.
            #expect(!isIncident(0.04 * exposures, of: exposures, after: comparison()))
            #expect(!isIncident(0.02 * exposures, of: exposures, after: comparison()))
            #expect(!isIncident(0, of: exposures, after: comparison()))
        }
    }

    @Test("is not two clients of ten, nor a burst where bursts are usual")
    func chance() {
        #expect(!isIncident(2, of: 10, after: comparison()))
        #expect(!isIncident(20, of: 100, after: comparison(dispersion: 10)))
        #expect(isIncident(20, of: 100, after: comparison()))
        #expect(!isIncident(0, of: 0, after: comparison()))
    }

    @Test("needs a past, be it the rollout's own")
    func past() {
        var unknown = SequentialComparison(dispersionPrior: 1)
        #expect(!isIncident(1_000, of: 1_000, after: unknown))
        unknown.begin(StepOutlook(share: 0.5, nextExposures: 1_000), under: settings)
        let arm = ArmCount(exposures: 1_000, failures: 20)
        for _ in 0..<20 { unknown.look(at: ComparedCounts(treatment: arm, control: arm), under: settings) }
        #expect(isIncident(200, of: 1_000, after: unknown))
        #expect(!isIncident(20, of: 1_000, after: unknown))
    }
}
