import Testing

@testable import OperatingCharacteristics

@Suite("Draws")
struct DrawsTests {
    private static let seed: UInt64 = 20
    private static let count = 20_000

    /// Mean, variance and skewness of many draws.
    private func moments(_ draw: (inout Draws) -> Double) -> (
        mean: Double, variance: Double, skewness: Double
    ) {
        var draws = Draws(seed: Self.seed)
        let numbers = (0..<Self.count).map { _ in draw(&draws) }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let (second, third) = numbers.reduce((0.0, 0.0)) { sums, number in
            let deviation = number - mean
            return (sums.0 + deviation * deviation, sums.1 + deviation * deviation * deviation)
        }
        let variance = second / Double(numbers.count)
        return (mean, variance, third / Double(numbers.count) / (variance * variance.squareRoot()))
    }

    private func expect(
        _ moments: (mean: Double, variance: Double, skewness: Double),
        mean: Double,
        variance: Double,
        skewness: Double
    ) {
        let error = (variance / Double(Self.count)).squareRoot()
        #expect(abs(moments.mean - mean) < 5 * error, "mean \(moments.mean), not \(mean)")
        #expect(abs(moments.variance / variance - 1) < 0.1, "variance \(moments.variance), not \(variance)")
        #expect(abs(moments.skewness - skewness) < 0.15, "skewness \(moments.skewness), not \(skewness)")
    }

    @Test("of a Poisson number have its mean, variance and skewness", arguments: [0.3, 6, 11, 60, 30_000])
    func poisson(mean: Double) {
        expect(
            moments { $0.poisson(mean: mean) },
            mean: mean,
            variance: mean,
            skewness: 1 / mean.squareRoot()
        )
    }

    @Test(
        "of a binomial number have its mean, variance and skewness",
        arguments: [(6, 0.02), (60, 0.9), (1000, 0.02), (27_000, 0.001), (27_000, 0.7)]
    )
    func binomial(count: Double, share: Double) {
        let variance = count * share * (1 - share)
        expect(
            moments { $0.binomial(of: count, share: share) },
            mean: count * share,
            variance: variance,
            skewness: (1 - 2 * share) / variance.squareRoot()
        )
    }

    @Test("of a gamma number have its mean, variance and skewness", arguments: [1, 2.5, 11.1, 400])
    func gamma(shape: Double) {
        expect(
            moments { $0.gamma(shape: shape) },
            mean: shape,
            variance: shape,
            skewness: 2 / shape.squareRoot()
        )
    }

    @Test("of clusters have the mean and variance of geometric numbers added up")
    func clusters() {
        let (count, mean) = (12.0, 5.0)
        let share = 1 / mean
        expect(
            moments { $0.clusterMembers(of: count, mean: mean) },
            mean: count * mean,
            variance: count * (1 - share) / (share * share),
            skewness: (2 - share) / (count * (1 - share)).squareRoot()
        )
    }

    @Test("are certain where nothing is left to chance")
    func certain() {
        var draws = Draws(seed: Self.seed)
        #expect(draws.poisson(mean: 0) == 0)
        #expect(draws.binomial(of: 50, share: 0) == 0)
        #expect(draws.binomial(of: 50, share: 1) == 50)
        #expect(draws.binomial(of: 0, share: 0.5) == 0)
        #expect(draws.clusterMembers(of: 0, mean: 5) == 0)
    }

    @Test("stay within what is possible")
    func possible() {
        var draws = Draws(seed: Self.seed)
        for _ in 0..<2000 {
            #expect(0...21.0 ~= draws.binomial(of: 21, share: 0.5))
            #expect(draws.poisson(mean: 10) >= 0)
        }
    }

    @Test("of neighbouring seeds have nothing in common")
    func seeds() {
        let seeds = (0..<1000).map { Draws.seed(1, $0) } + (0..<1000).map { Draws.seed($0, 1) }
        #expect(Set(seeds).count == 1999, "only (1, 1) is there twice")
        var (one, other) = (Draws(seed: Draws.seed(1, 7)), Draws(seed: Draws.seed(1, 8)))
        let agreeing = (0..<10_000).count { _ in (one.unit() < 0.5) == (other.unit() < 0.5) }
        #expect(abs(Double(agreeing) - 5000) < 300)
    }
}
