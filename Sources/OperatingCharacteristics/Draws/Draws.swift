import Assignment

/// Exact random draws, the same for the same seed.
///
/// Rates of a few in a thousand are decided in the tails, so nothing is approximated by a normal distribution. A draw
/// costs about the same for a mean of 30,000 as for one of 10.
package struct Draws: Sendable {
    private var random: SplitMix64

    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// A seed made from several numbers, in their order.
    ///
    /// Neighbouring numbers give unrelated seeds.
    package static func seed(_ parts: UInt64...) -> UInt64 {
        parts.reduce(0x9e37_79b9_7f4a_7c15) { seed, part in
            var random = SplitMix64(seed: seed ^ part)
            return random.next()
        }
    }

    /// A number from 0 up to, but not including, 1.
    package mutating func unit() -> Double {
        // The 53 bits a Double has room for.
        Double(random.next() >> 11) * 0x1p-53
    }

    /// Whether something of this probability happens.
    package mutating func happens(_ probability: Double) -> Bool { unit() < probability }

    /// A draw from the standard normal distribution (Box and Muller 1958).
    package mutating func normal() -> Double {
        let radius = (-2 * Elementary.logarithmOfOnePlus(-unit())).squareRoot()
        return radius * Elementary.cosine(2 * Double.pi * unit())
    }

    /// A draw from the gamma distribution with this shape and scale 1 (Marsaglia and Tsang 2000).
    ///
    /// - Parameter shape: 1 or more; its mean and its variance.
    /// - Returns: Above 0.
    package mutating func gamma(shape: Double) -> Double {
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let u = 1 - unit()
            if Elementary.logarithm(u) < 0.5 * x * x + d * (1 - v + Elementary.logarithm(v)) { return d * v }
        }
    }

    /// How many of the clusters' members there are: the sum of geometric numbers from 1 up.
    ///
    /// - Parameters:
    ///   - clusters: 0 or more.
    ///   - mean: Of one cluster, above 1.
    /// - Returns: `clusters` or more.
    package mutating func clusterMembers(of clusters: Double, mean: Double) -> Double {
        guard clusters > 0 else { return 0 }
        // What exceeds 1 in each is negative binomial: a Poisson number whose mean is gamma distributed.
        return clusters + poisson(mean: gamma(shape: clusters) * (mean - 1))
    }
}
