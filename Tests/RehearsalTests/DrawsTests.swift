import Assignment
import Testing

@testable import Rehearsal

@Suite("Random draws")
struct DrawsTests {
    private static let count = 20_000

    /// Mean and variance of many draws.
    private func moments(_ draw: (inout SplitMix64) -> Int) -> (mean: Double, variance: Double) {
        var random = SplitMix64(seed: 11)
        let draws = (0..<Self.count).map { _ in Double(draw(&random)) }
        let mean = draws.reduce(0, +) / Double(draws.count)
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count)
        return (mean, variance)
    }

    @Test(
        "of events have the mean and the variance of Poisson's distribution",
        arguments: [0.3, 4, 29, 31, 800, 90_000]
    )
    func poisson(mean: Double) {
        let found = moments { $0.poisson(mean: mean) }
        // Five standard errors of each.
        let error = (mean / Double(Self.count)).squareRoot() * 5
        #expect((found.mean - mean).magnitude < error, "\(found)")
        let spread = ((2 * mean * mean + mean) / Double(Self.count)).squareRoot() * 5
        #expect((found.variance - mean).magnitude < spread, "\(found)")
    }

    @Test(
        "of hits have the mean and the variance of the binomial distribution",
        arguments: [(10, 0.3), (300, 0.002), (300, 0.5), (3_000, 0.01), (3_000, 0.99), (100_000, 0.16)]
    )
    func binomial(count: Int, ratio: Double) {
        let found = moments { $0.binomial(of: count, ratio: ratio) }
        let mean = Double(count) * ratio
        let variance = mean * (1 - ratio)
        #expect((found.mean - mean).magnitude < (variance / Double(Self.count)).squareRoot() * 5, "\(found)")
        let spread = ((2 * variance * variance + variance) / Double(Self.count)).squareRoot() * 5
        #expect((found.variance - variance).magnitude < spread, "\(found)")
    }

    @Test("stay within what there is to hit")
    func bounds() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...400, using: &random)
            let ratio = random.number(in: 0...1)
            #expect((0...count).contains(random.binomial(of: count, ratio: ratio)), "\(count) \(ratio)")
        }
        #expect(random.poisson(mean: 0) == 0)
        #expect(random.binomial(of: 50, ratio: 0) == 0)
        #expect(random.binomial(of: 50, ratio: 1) == 50)
        #expect(random.binomial(of: 0, ratio: 0.5) == 0)
    }

    @Test("are what the published algorithm gives")
    func reference() {
        var random = SplitMix64(seed: 1_234_567)
        let numbers = (0..<3).map { _ in random.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }
}
