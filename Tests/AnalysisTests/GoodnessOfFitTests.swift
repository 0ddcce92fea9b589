import Analysis
import Testing

@Suite("The χ² test")
struct GoodnessOfFitTests {
    private let vectors: SampleRatioVectors

    init() throws {
        vectors = try SampleRatioVectors.read()
    }

    @Test("says of every split what SciPy says")
    func splits() {
        #expect(vectors.chiSquare.results.count == 238)
        for split in vectors.chiSquare.results {
            let test = GoodnessOfFit(observed: split.observed, weights: split.weights)
            // A statistic near 0 is a difference of nearly equal numbers.
            let isSame = (test.statistic - split.statistic).magnitude < 1e-12
            #expect(isSame || agree(test.statistic, split.statistic), "\(split)")
            #expect(test.degreesOfFreedom == split.degreesOfFreedom)
            #expect(agree(test.pValue, split.pValue), "\(split): \(test.pValue)")
            #expect(test.isLargeEnough == split.isLargeEnough, "\(split)")
        }
    }

    @Test("has SciPy's tail probabilities, down to the smallest")
    func tails() {
        #expect(vectors.tail.results.contains { (0..<1e-250).contains($0.pValue) })
        for tail in vectors.tail.results {
            let pValue = ChiSquare.upperTail(tail.x, degreesOfFreedom: tail.degreesOfFreedom)
            #expect(agree(pValue, tail.pValue), "\(tail): \(pValue)")
        }
    }

    @Test("has SciPy's critical values")
    func critical() {
        #expect(!vectors.critical.results.isEmpty)
        for critical in vectors.critical.results {
            let x = ChiSquare.criticalValue(
                exceededWith: critical.alpha,
                degreesOfFreedom: critical.degreesOfFreedom
            )
            #expect(agree(x, critical.x), "\(critical): \(x)")
        }
    }

    @Test("finds a client where there should be none without a doubt")
    func impossible() {
        let test = GoodnessOfFit(observed: [99, 1], weights: [100, 0])
        #expect(test.statistic == .infinity)
        #expect(test.pValue == 0)
        #expect(GoodnessOfFit(observed: [100, 0], weights: [100, 0]).pValue == 1)
    }

    @Test("finds nothing where nobody was counted")
    func nobody() {
        let test = GoodnessOfFit(observed: [0, 0], weights: [1, 9])
        #expect(test.pValue == 1)
        #expect(test.statistic == 0)
    }
}
