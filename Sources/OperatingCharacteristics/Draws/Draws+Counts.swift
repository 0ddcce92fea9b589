extension Draws {
    /// Means from which on drawing by rejection is faster than adding up probabilities.
    private static let many = 10.0

    /// How many independent events happen where `mean` are expected (Poisson).
    ///
    /// - Parameter mean: Finite and not negative.
    /// - Returns: A whole number from 0 up.
    package mutating func poisson(mean: Double) -> Double {
        guard mean > 0 else { return 0 }
        return mean < Self.many ? poissonByInversion(mean) : poissonByRejection(mean)
    }

    private mutating func poissonByInversion(_ mean: Double) -> Double {
        var left = unit()
        var probability = Elementary.exponential(-mean)
        var count = 0.0
        // Beyond the mean the terms vanish before rounding could leave the sum short of 1 for ever.
        while left > probability, probability > 0 {
            left -= probability
            count += 1
            probability *= mean / count
        }
        return count
    }

    /// Hörmann 1993, *The transformed rejection method for generating Poisson random variables*: PTRS.
    private mutating func poissonByRejection(_ mean: Double) -> Double {
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let squeeze = 0.9277 - 3.6224 / (b - 2)
        let logMean = Elementary.logarithm(mean)
        while true {
            let u = unit() - 0.5
            let v = 1 - unit()
            let distance = 0.5 - abs(u)
            let count = ((2 * a / distance + b) * u + mean + 0.43).rounded(.down)
            if distance >= 0.07, v <= squeeze { return count }
            guard count >= 0, distance >= 0.013 || v <= distance else { continue }
            let hat = Elementary.logarithm(v * inverseAlpha / (a / (distance * distance) + b))
            if hat <= count * logMean - mean - Elementary.logFactorial(count) { return count }
        }
    }

    /// How many of `count` independent trials hit, each with probability `share` (binomial).
    ///
    /// - Parameters:
    ///   - count: A whole number from 0 up.
    ///   - share: From 0 to 1.
    /// - Returns: A whole number from 0 to `count`.
    package mutating func binomial(of count: Double, share: Double) -> Double {
        guard count > 0, share > 0 else { return 0 }
        guard share < 1 else { return count }
        // The rarer outcome is counted.
        guard share <= 0.5 else { return count - binomial(of: count, share: 1 - share) }
        return count * share < Self.many
            ? binomialByInversion(count, share) : binomialByRejection(count, share)
    }

    private mutating func binomialByInversion(_ count: Double, _ share: Double) -> Double {
        let odds = share / (1 - share)
        var left = unit()
        var probability = Elementary.exponential(count * Elementary.logarithmOfOnePlus(-share))
        var hits = 0.0
        while left > probability, hits < count, probability > 0 {
            left -= probability
            hits += 1
            probability *= odds * (count - hits + 1) / hits
        }
        return hits
    }

    /// Hörmann 1993, *The generation of binomial random variates*: BTRS.
    private mutating func binomialByRejection(_ count: Double, _ share: Double) -> Double {
        let spread = (count * share * (1 - share)).squareRoot()
        let b = 1.15 + 2.53 * spread
        let a = -0.0873 + 0.0248 * b + 0.01 * share
        let center = count * share + 0.5
        let alpha = (2.83 + 5.1 / b) * spread
        let squeeze = 0.92 - 4.2 / b
        while true {
            let u = unit() - 0.5
            let v = 1 - unit()
            let distance = 0.5 - abs(u)
            let hits = ((2 * a / distance + b) * u + center).rounded(.down)
            if distance >= 0.07, v <= squeeze { return hits }
            guard hits >= 0, hits <= count else { continue }
            let hat = Elementary.logarithm(v * alpha / (a / (distance * distance) + b))
            let mode = ((count + 1) * share).rounded(.down)
            let likelihood =
                Elementary.logFactorial(mode) + Elementary.logFactorial(count - mode)
                - Elementary.logFactorial(hits) - Elementary.logFactorial(count - hits)
                + (hits - mode) * Elementary.logarithm(share / (1 - share))
            if hat <= likelihood { return hits }
        }
    }
}
