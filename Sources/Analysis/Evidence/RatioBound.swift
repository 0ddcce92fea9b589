/// Bounds on how many times as often the treatment fails as the control.
package enum RatioBound {
    /// A bound that holds at all times at once with probability 1 − `error`.
    ///
    /// From below the largest ratio that is refuted as an upper limit, from above the smallest refuted as a lower one:
    /// the two-arm e-value turned around.
    ///
    /// - Parameters:
    ///   - looks: In each the arms' exposures have the same proportion throughout; looks of one proportion may be added up.
    ///   - error: Above 0, below 1.
    ///   - side: Below or above.
    ///   - dispersion: φ, 1 or more.
    ///   - alternatives: The ratios of the mixture, above 1.
    /// - Returns: 0 from below and infinity from above where nothing is refuted; else 0.0001…10,000.
    package static func bound(
        _ looks: [ComparedCounts],
        error: Double,
        _ side: Proportion.Side,
        dispersion: Double = 1,
        alternatives: [Double] = ComparisonSettings.reportedAlternatives
    ) -> Double {
        let needed = SpecialFunctions.logarithm(1 / error)
        let factors = side == .lower ? alternatives : alternatives.map { 1 / $0 }
        func isRefuted(_ logRatio: Double) -> Bool {
            let ratio = SpecialFunctions.exponential(logRatio)
            let evidence = factors.map { factor in
                looks.reduce(0) {
                    $0 + LogEValue.twoArms($1, against: Margin(ratio: ratio), alternative: ratio * factor)
                } / dispersion
            }
            return LogEValue.mean(evidence) >= needed
        }
        var (low, high) = (SpecialFunctions.logarithm(1e-4), SpecialFunctions.logarithm(1e4))
        guard isRefuted(side == .lower ? low : high) else { return side == .lower ? 0 : .infinity }
        for _ in 0..<100 {
            let middle = 0.5 * (low + high)
            if isRefuted(middle) == (side == .lower) { low = middle } else { high = middle }
        }
        return SpecialFunctions.exponential(side == .lower ? low : high)
    }
}
