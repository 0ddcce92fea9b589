/// What counts say about an unknown proportion.
package enum Proportion {
    /// The Kullback–Leibler divergence of two coins, `p` from `q`, in nats.
    ///
    /// - Parameters:
    ///   - p: 0…1.
    ///   - q: 0…1.
    /// - Returns: 0 or more; infinite at the ends of `q` unless both are equal.
    package static func divergence(_ p: Double, from q: Double) -> Double {
        guard q > 0, q < 1 else { return p == q ? 0 : .infinity }
        var sum = 0.0
        if p > 0 { sum += p * SpecialFunctions.logarithm(p / q) }
        if p < 1 { sum += (1 - p) * SpecialFunctions.logarithm((1 - p) / (1 - q)) }
        return sum
    }

    /// Which side of the observed share a bound is on.
    package enum Side: Sendable, Equatable {
        case lower
        case upper
    }

    /// A bound on a proportion that holds at all times at once with probability 1 − `error`.
    ///
    /// Solves n · KL(x/n ‖ q) = ln(1/error) + ½ ln n + ln 2 for q: the regret of Krichevsky and Trofimov's mixture
    /// (1981) under Ville's inequality.
    ///
    /// - Parameters:
    ///   - successes: 0…`trials`; need not be whole.
    ///   - trials: 0 or more.
    ///   - error: Above 0, below 1.
    ///   - side: Below or above the observed share.
    /// - Returns: 0…1; without trials 0 from below and 1 from above.
    package static func anytimeBound(
        _ successes: Double,
        of trials: Double,
        error: Double,
        _ side: Side
    ) -> Double {
        guard trials > 0 else { return side == .upper ? 1 : 0 }
        let budget =
            SpecialFunctions.logarithm(1 / error) + 0.5 * SpecialFunctions.logarithm(max(trials, 1))
            + SpecialFunctions.logarithm(2)
        let observed = min(max(successes / trials, 0), 1)
        var (low, high) = side == .upper ? (observed, 1.0) : (0.0, observed)
        // A double has no more bits to halve.
        for _ in 0..<200 {
            let middle = 0.5 * (low + high)
            let isOutside = trials * divergence(observed, from: middle) > budget
            if isOutside == (side == .upper) { high = middle } else { low = middle }
        }
        return 0.5 * (low + high)
    }
}
