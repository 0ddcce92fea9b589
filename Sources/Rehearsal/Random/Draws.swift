import Assignment
import Glibc

/// Random draws of how often something happens; the same for the same generator.
///
/// Exact where the expected number is small. Otherwise the normal distribution with the same mean and variance,
/// which a count of events is then close to. A draw costs the same for a second as for a day.
extension SplitMix64 {
    /// Expected numbers from which on the normal distribution is close enough.
    private static let many = 30.0

    /// A number from 0 up to, but not including, 1.
    package mutating func unit() -> Double {
        // The 53 bits a Double has room for.
        Double(next() >> 11) * 0x1p-53
    }

    /// A number from a closed range.
    package mutating func number(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + unit() * (range.upperBound - range.lowerBound)
    }

    /// How many independent events happen where `mean` are expected (Poisson).
    ///
    /// - Parameter mean: Finite and not negative.
    /// - Returns: 0 or more.
    package mutating func poisson(mean: Double) -> Int {
        guard mean > 0 else { return 0 }
        guard mean < Self.many else { return max(0, whole(normal() * mean.squareRoot() + mean)) }
        // Events whose waiting times, in the units of the mean, fit into 1 (Knuth).
        let floor = exp(-mean)
        var product = unit()
        var count = 0
        while product > floor {
            count += 1
            product *= unit()
        }
        return count
    }

    /// How many of `count` independent trials hit, each with probability `ratio` (binomial).
    ///
    /// - Parameters:
    ///   - count: How many trials.
    ///   - ratio: From 0 to 1.
    /// - Returns: From 0 to `count`.
    package mutating func binomial(of count: Int, ratio: Double) -> Int {
        guard count > 0, ratio > 0 else { return 0 }
        guard ratio < 1 else { return count }
        // The rarer outcome is counted.
        guard ratio <= 0.5 else { return count - binomial(of: count, ratio: 1 - ratio) }
        let mean = Double(count) * ratio
        guard mean < Self.many else {
            let spread = (mean * (1 - ratio)).squareRoot()
            return min(count, max(0, whole(normal() * spread + mean)))
        }
        return skippedBinomial(of: count, ratio: ratio)
    }

    /// Jumps from hit to hit: the misses in between have a geometric distribution (Devroye 1986, X.4.3).
    private mutating func skippedBinomial(of count: Int, ratio: Double) -> Int {
        let scale = log1p(-ratio)
        var hits = 0
        var position = 0.0
        while true {
            position += (log1p(-unit()) / scale).rounded(.down) + 1
            if position > Double(count) { return hits }
            hits += 1
        }
    }

    /// A draw from the standard normal distribution (Box and Muller).
    private mutating func normal() -> Double {
        let radius = (-2 * log1p(-unit())).squareRoot()
        return radius * cos(2 * Double.pi * unit())
    }

    private func whole(_ number: Double) -> Int { Int(number.rounded()) }
}
