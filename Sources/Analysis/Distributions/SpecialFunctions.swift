import Glibc

/// The functions of the C library that statistics need, in the one file that names it.
enum SpecialFunctions {
    static func exponential(_ x: Double) -> Double { exp(x) }

    /// eˣ − 1, exact also where x is near 0.
    static func exponentialMinusOne(_ x: Double) -> Double { expm1(x) }

    static func logarithm(_ x: Double) -> Double { log(x) }

    /// ln(1 + x), exact also where x is near 0.
    static func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }

    /// The complement of the error function, exact in relative terms far into its tail.
    static func complementaryError(_ x: Double) -> Double { erfc(x) }

    /// The logarithm of the gamma function, for `x` above 0.
    static func logGamma(_ x: Double) -> Double {
        // The plain `lgamma` writes the sign to a variable all threads share.
        var sign: Int32 = 0
        return lgamma_r(x, &sign)
    }
}
