/// How long a comparison takes, as far as that can be told before it begins.
///
/// No test can be faster on average than the divergence between what is true and the nearest thing to be refuted
/// allows (Wald 1945).
package enum Expectation {
    /// The fewest looks that any test needs on average to find a treatment that fails more often than the control,
    /// with at most `error` false alarms.
    ///
    /// ln(1/α) / [n·KL(p_T‖p̄) + m·KL(p_C‖p̄)], where p̄ is the share of both arms together.
    ///
    /// - Parameters:
    ///   - treatment: Exposures of a look, and how many of them fail on average.
    ///   - control: The same.
    ///   - error: α, above 0, below 1.
    ///   - missed: How often the regression may never be found, 0…1.
    /// - Returns: Infinity where there is nothing to find.
    package static func fewestLooks(
        toRefute treatment: ArmCount,
        beside control: ArmCount,
        error: Double,
        missed: Double = 0
    ) -> Double {
        let all = treatment + control
        guard let together = all.share, let treated = treatment.share, let controlled = control.share else {
            return .infinity
        }
        let information =
            treatment.exposures * Proportion.divergence(treated, from: together)
            + control.exposures * Proportion.divergence(controlled, from: together)
        guard information > 0 else { return .infinity }
        return needed(error: error, missed: missed) / information
    }

    private static func needed(error: Double, missed: Double) -> Double {
        guard missed > 0 else { return SpecialFunctions.logarithm(1 / error) }
        return (1 - missed) * SpecialFunctions.logarithm((1 - missed) / error)
            + missed * SpecialFunctions.logarithm(missed / (1 - error))
    }

    /// The fewest looks that any test needs on average to show that a treatment is not worse than `margin` allows.
    ///
    /// ln(1/β) / min_q [n·KL(p_T‖ρq + δ) + m·KL(p_C‖q)]: the share q of the control that makes harm look most like
    /// what is true.
    package static func fewestLooks(
        toShow treatment: ArmCount,
        beside control: ArmCount,
        within margin: Margin,
        error: Double
    ) -> Double {
        guard let treated = treatment.share, let controlled = control.share else { return .infinity }
        func information(_ share: Double) -> Double {
            treatment.exposures
                * Proportion.divergence(treated, from: min(margin.ratio * share + margin.addition, 1))
                + control.exposures * Proportion.divergence(controlled, from: share)
        }
        // Convex in q between 0 and the control's own share: golden sections close in on its minimum.
        let golden = (5.0.squareRoot() - 1) / 2
        var (low, high) = (0.0, max(controlled, 1e-12))
        for _ in 0..<100 {
            let (left, right) = (high - golden * (high - low), low + golden * (high - low))
            if information(left) < information(right) { high = right } else { low = left }
        }
        let least = information(0.5 * (low + high))
        return least > 0 ? SpecialFunctions.logarithm(1 / error) / least : .infinity
    }

    /// How many times the fewest looks the tests of ``SequentialComparison`` take on average: measured.
    package static let timesFewest = (toRollBack: 1.5, toPromote: 1.5)
}
