/// A test of shares that may be looked at after every batch: the sequential form of ``GoodnessOfFit``.
///
/// However often it is asked, counts that fit ever get a p of at most α in no more than α of all cases
/// (Ville's inequality, as the Bayes factor is a martingale then). A small value: state between two looks.
package struct SequentialSampleRatio: Sendable, Equatable, Codable {
    /// What each arm should be of the sum; they add up to 1.
    package let shares: [Double]
    /// See ``BayesFactor/logarithm(of:against:concentrations:)``.
    package let concentrations: [Double]
    /// Everything counted so far.
    package private(set) var counts: [Double]
    /// p_t = min(p_{t−1}, 1 / BF_t), from 1 on.
    package private(set) var pValue: Double

    /// Begins with nothing counted.
    ///
    /// - Parameters:
    ///   - weights: 0 or more each, in any unit; at least one above 0.
    ///   - concentrations: How near to the right shares a deviation is looked for.
    package init(weights: [Double], concentrations: [Double] = BayesFactor.fineConcentrations) {
        let sum = weights.reduce(0, +)
        shares = weights.map { sum > 0 ? $0 / sum : 0 }
        self.concentrations = concentrations
        counts = weights.map { _ in 0 }
        pValue = 1
    }

    /// Counts another batch of clients that were not counted before.
    ///
    /// - Parameter batch: As many counts as there are arms, 0 or more each.
    package mutating func observe(_ batch: [Double]) {
        for (arm, count) in zip(counts.indices, batch) { counts[arm] += count }
        pValue = min(pValue, SpecialFunctions.exponential(-logBayesFactor))
    }

    /// The natural logarithm of the evidence in everything counted so far, against the shares where above 0.
    package var logBayesFactor: Double {
        BayesFactor.logarithm(of: counts, against: shares, concentrations: concentrations)
    }

    /// How probable a deviation is, where before it was as probable as none; 0…1.
    package var posteriorProbability: Double {
        1 / (1 + SpecialFunctions.exponential(-logBayesFactor))
    }
}
