/// The regularised incomplete gamma functions, which the χ² distribution is made of.
enum RegularizedGamma {
    /// Terms after which every series here has long converged: some 10 × √a are needed.
    private static let mostTerms = 100_000

    /// Q(a, x), the upper one: Γ(a, x) / Γ(a).
    ///
    /// As in Press et al., *Numerical Recipes*, §6.2: a power series below a + 1, and above it the continued fraction
    /// of Abramowitz and Stegun 6.5.31. Relative error about 10⁻¹³ down to the smallest numbers there are.
    ///
    /// - Parameters:
    ///   - shape: a, above 0.
    ///   - x: 0 or more; infinity gives 0.
    /// - Returns: 0…1.
    static func upper(_ shape: Double, _ x: Double) -> Double {
        guard x > 0 else { return 1 }
        guard x.isFinite else { return 0 }
        return x < shape + 1 ? 1 - lowerSeries(shape, x) : upperFraction(shape, x)
    }

    /// x^a e^−x / Γ(a), by logarithms: each factor alone overflows.
    private static func factor(_ shape: Double, _ x: Double) -> Double {
        SpecialFunctions.exponential(
            shape * SpecialFunctions.logarithm(x) - x - SpecialFunctions.logGamma(shape)
        )
    }

    private static func lowerSeries(_ shape: Double, _ x: Double) -> Double {
        var term = 1 / shape
        var sum = term
        for index in 1...mostTerms {
            term *= x / (shape + Double(index))
            sum += term
            if term < sum * .ulpOfOne { break }
        }
        return sum * factor(shape, x)
    }

    /// By Lentz's method, which goes on until another level changes nothing.
    private static func upperFraction(_ shape: Double, _ x: Double) -> Double {
        let tiny = Double.leastNormalMagnitude / .ulpOfOne
        var denominator = x + 1 - shape
        var ratio = 1 / tiny
        var inverse = 1 / denominator
        var fraction = inverse
        for index in 1...mostTerms {
            let level = Double(index)
            let numerator = level * (shape - level)
            denominator += 2
            inverse = numerator * inverse + denominator
            inverse = 1 / (inverse.magnitude < tiny ? tiny : inverse)
            ratio = denominator + numerator / ratio
            if ratio.magnitude < tiny { ratio = tiny }
            let change = inverse * ratio
            fraction *= change
            if (change - 1).magnitude < .ulpOfOne { break }
        }
        return fraction * factor(shape, x)
    }
}
