/// Sums of numbers that are known by their logarithms, and would overflow or vanish without.
package enum LogSum {
    /// ln(eˣ + eʸ); −∞ stands for a summand of 0.
    package static func of(_ x: Double, _ y: Double) -> Double {
        if x == -.infinity { return y }
        if y == -.infinity { return x }
        let (larger, smaller) = x > y ? (x, y) : (y, x)
        return larger
            + SpecialFunctions.logarithmOfOnePlus(SpecialFunctions.exponential(smaller - larger))
    }

    /// eˣ, for people: infinite where it is too large.
    package static func exponential(_ x: Double) -> Double { SpecialFunctions.exponential(x) }

    /// ln Σ eˣ; −∞ for no summands.
    package static func of(_ logarithms: [Double]) -> Double {
        guard let largest = logarithms.max(), largest > -.infinity else { return -.infinity }
        let sum = logarithms.reduce(0) { $0 + SpecialFunctions.exponential($1 - largest) }
        return largest + SpecialFunctions.logarithm(sum)
    }
}
