/// The χ² distribution.
package enum ChiSquare {
    /// How likely a value of at least `x` is.
    ///
    /// Q(df/2, x/2); with one degree of freedom erfc(√(x/2)), which is the same (Abramowitz and Stegun 26.4.19 and
    /// 26.4.11).
    ///
    /// - Parameters:
    ///   - x: 0 or more.
    ///   - degreesOfFreedom: 0 or more; with none, x is 0 for certain.
    /// - Returns: 0…1, right to a relative 10⁻¹² down to 10⁻³⁰⁰; 0 where it is smaller than any number.
    package static func upperTail(_ x: Double, degreesOfFreedom: Int) -> Double {
        guard degreesOfFreedom > 0 else { return x > 0 ? 0 : 1 }
        guard degreesOfFreedom > 1 else {
            return SpecialFunctions.complementaryError((max(0, x) / 2).squareRoot())
        }
        return RegularizedGamma.upper(Double(degreesOfFreedom) / 2, x / 2)
    }

    /// The value that is exceeded with probability `tail`: the inverse of ``upperTail(_:degreesOfFreedom:)``.
    ///
    /// - Parameters:
    ///   - tail: Above 0, at most 1.
    ///   - degreesOfFreedom: At least 1.
    /// - Returns: The two numbers between which the probability lies are neighbours, and this is one of them.
    package static func criticalValue(exceededWith tail: Double, degreesOfFreedom: Int) -> Double {
        guard tail < 1, degreesOfFreedom > 0 else { return 0 }
        var low = 0.0
        var high = Double(degreesOfFreedom)
        while upperTail(high, degreesOfFreedom: degreesOfFreedom) > tail { high *= 2 }
        while true {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { return high }
            if upperTail(middle, degreesOfFreedom: degreesOfFreedom) > tail {
                low = middle
            } else {
                high = middle
            }
        }
    }
}
