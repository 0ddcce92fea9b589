import Glibc

/// The functions of the C library that draws, bounds and scales need, in the one file that names it.
enum Elementary {
    static func exponential(_ x: Double) -> Double { exp(x) }
    static func logarithm(_ x: Double) -> Double { log(x) }
    static func decimalLogarithm(_ x: Double) -> Double { log10(x) }

    /// ln(1 + x), exact also where x is near 0.
    static func logarithmOfOnePlus(_ x: Double) -> Double { log1p(x) }

    static func cosine(_ x: Double) -> Double { cos(x) }
    static func sine(_ x: Double) -> Double { sin(x) }

    /// ln(x!), for x from 0 up.
    static func logFactorial(_ x: Double) -> Double {
        // The plain `lgamma` writes the sign to a variable all threads share.
        var sign: Int32 = 0
        return lgamma_r(x + 1, &sign)
    }
}
