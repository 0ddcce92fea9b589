import Analysis
import Testing

@Suite("The verdict on a split")
struct SampleRatioTests {
    @Test(
        "needs a small p and a difference that matters",
        arguments: [
            (100, 900, 0.1, .fits),
            (130, 870, 0.1, .doubtful),
            (136, 864, 0.1, .mismatch),
            // p is small, but 0.05 percentage points are nothing to act on.
            (1_005_000, 8_995_000, 0.1, .doubtful),
            (0, 1_000, 0.1, .mismatch),
            (0, 49, 0.1, .tooFew),
            (4, 45, 0.1, .tooFew),
            (0, 0, 0.1, .tooFew),
            (0, 1_000, 0, .fits),
            (3, 1_000, 0, .mismatch),
            (1_000, 0, 1, .fits),
            (990, 10, 1, .mismatch),
        ] as [(Double, Double, Double, SampleRatio.Verdict)]
    )
    func verdict(treatment: Double, control: Double, share: Double, verdict: SampleRatio.Verdict) {
        let ratio = SampleRatio(treatment: treatment, control: control, expectedShare: share)
        #expect(ratio.verdict == verdict)
    }

    @Test("has the shares it is about")
    func shares() {
        let ratio = SampleRatio(treatment: 30, control: 70, expectedShare: 0.1)
        #expect(ratio.observedShare == 0.3)
        #expect((ratio.difference - 0.2).magnitude < 1e-15)
        #expect(SampleRatio(treatment: 0, control: 0, expectedShare: 0.1).observedShare == nil)
        #expect(ratio.sequentialPValue < 1e-4)
    }
}
