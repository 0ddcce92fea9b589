/// Pearson's χ² test of whether counts fit the weights they should be shared out by.
///
/// Counts are of distinct clients, each once. Asked again and again while counts grow, it errs more often than its
/// p says; ``SequentialSampleRatio`` does not.
package struct GoodnessOfFit: Sendable, Equatable {
    /// N·wᵢ/Σw, in the order of the counts.
    package let expected: [Double]
    /// X² = Σ (Oᵢ − Eᵢ)² / Eᵢ (Pearson 1900); infinite where something was counted that has no weight.
    package let statistic: Double
    /// One less than there are weights above 0.
    package let degreesOfFreedom: Int
    /// How often counts that fit differ at least as much; 0…1.
    package let pValue: Double

    /// Below this expected count the χ² distribution is a poor stand-in for the real one (Cochran 1954).
    package static let smallestExpectedCount = 5.0

    /// Tests counts against weights.
    ///
    /// - Parameters:
    ///   - observed: 0 or more each.
    ///   - weights: 0 or more each, as many as counts, in any unit. Something without weight that was never counted
    ///     is left out.
    package init(observed: [Double], weights: [Double]) {
        let total = observed.reduce(0, +)
        let weight = weights.reduce(0, +)
        let expected = weights.map { weight > 0 ? total * $0 / weight : 0 }
        let terms = zip(observed, expected).map { observed, expected -> Double in
            let difference = observed - expected
            return difference == 0 ? 0 : difference * difference / expected
        }
        self.expected = expected
        statistic = terms.reduce(0, +)
        degreesOfFreedom = max(0, weights.count { $0 > 0 } - 1)
        pValue = ChiSquare.upperTail(statistic, degreesOfFreedom: degreesOfFreedom)
    }

    /// Whether every count that has a weight is expected to be large enough for the test.
    package var isLargeEnough: Bool {
        expected.allSatisfy { $0 == 0 || $0 >= Self.smallestExpectedCount }
    }
}
