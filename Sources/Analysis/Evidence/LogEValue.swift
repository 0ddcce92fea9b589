/// Natural logarithms of e-values: evidence against a hypothesis that, if it is true, is at most 1 on average.
///
/// Multiplied over looks they are a test martingale, which exceeds 1/α with probability α at most however often one
/// looks (Ville 1939).
package enum LogEValue {
    /// Evidence of one look at both arms against p_T ≤ ρ₀·p_C + δ where `alternative` exceeds ρ₀, and against
    /// p_T ≥ ρ₀·p_C + δ where it is smaller.
    ///
    /// With g = (nρ₁ + m)/(nρ₀ + m) and s = (ρ₁/ρ₀)/g it is a·ln s − b·ln g − nδ(s − 1). E[e] ≤ 1 for whatever shares
    /// the exposures of either arm fail with, independently of each other given the past: 1 + x ≤ eˣ for every exposure
    /// leaves [nm(ρ₁ − ρ₀)/(nρ₁ + m)]·[(p_T − δ)/ρ₀ − p_C] ≤ 0. The control's own share need not be known and may change
    /// from look to look, so that an incident in both arms cancels.
    ///
    /// - Parameters:
    ///   - counts: Of this look alone.
    ///   - null: ρ₀ above 0, δ at least 0.
    ///   - alternative: ρ₁, above 0: the ratio it is most sensitive to.
    /// - Returns: 0 where one of the arms has no exposures.
    package static func twoArms(_ counts: ComparedCounts, against null: Margin, alternative: Double) -> Double
    {
        let (n, m) = (counts.treatment.exposures, counts.control.exposures)
        guard n > 0, m > 0 else { return 0 }
        // As ln(1 + x): exact also where n is far smaller than m, or both ratios are close.
        let logG = SpecialFunctions.logarithmOfOnePlus(
            n * (alternative - null.ratio) / (n * null.ratio + m)
        )
        let logS = SpecialFunctions.logarithm(alternative / null.ratio) - logG
        let evidence = counts.treatment.failures * logS - counts.control.failures * logG
        guard null.addition != 0 else { return evidence }
        return evidence - n * null.addition * SpecialFunctions.exponentialMinusOne(logS)
    }

    /// Evidence of one look at one arm against p ≤ `share` where `factor` exceeds 1, and against p ≥ `share` where it
    /// is smaller.
    ///
    /// a·ln ψ − n·ln(1 + q(ψ − 1)); E[e] ≤ 1 since the geometric mean is no larger than the arithmetic.
    ///
    /// - Parameters:
    ///   - count: Of this look alone.
    ///   - share: q, 0…1.
    ///   - factor: ψ, above 0: how many times `share` it is most sensitive to.
    /// - Returns: 0 without exposures.
    package static func oneArm(_ count: ArmCount, against share: Double, factor: Double) -> Double {
        guard count.exposures > 0 else { return 0 }
        return count.failures * SpecialFunctions.logarithm(factor)
            - count.exposures * SpecialFunctions.logarithmOfOnePlus(share * (factor - 1))
    }

    /// The weighted mean of e-values that may depend on each other in any way: an e-value again.
    ///
    /// Never worse than giving each its part of α (Vovk and Wang 2021).
    ///
    /// - Parameters:
    ///   - logEValues: At least one; their logarithms.
    ///   - weights: As many, adding up to 1; equal ones where nil.
    /// - Returns: The logarithm of the mean.
    package static func mean(_ logEValues: [Double], weights: [Double]? = nil) -> Double {
        let equal = 1 / Double(max(1, logEValues.count))
        return LogSum.of(
            logEValues.enumerated().map { index, evidence in
                evidence + SpecialFunctions.logarithm(weights?[index] ?? equal)
            }
        )
    }
}

/// A hypothesis about two shares: p_T = ratio · p_C + addition is its border.
package struct Margin: Sendable, Equatable, Codable {
    /// ρ₀, above 0.
    package var ratio: Double
    /// δ, a difference of shares, 0 or more.
    package var addition: Double

    package init(ratio: Double, addition: Double = 0) {
        self.ratio = ratio
        self.addition = addition
    }
}
