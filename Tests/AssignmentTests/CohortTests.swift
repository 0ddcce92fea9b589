import Assignment
import Testing
import TidegateTestKit

@Suite("A cohort", .serialized)
struct CohortTests {
    @Test("loses nobody from any share to the next one, over all buckets", arguments: coarse)
    func growsByEveryStep(algorithm: HashAlgorithm) throws {
        for (lower, upper) in try adjacentShares(of: algorithm) {
            guard algorithm.firstBucketLost(from: lower, to: upper) == nil else {
                Issue.record("\(algorithm): somebody is lost from \(lower) to \(upper)")
                return
            }
        }
    }

    // All 100,000 times 100,000 pairs take seconds in a release build, and `Scripts/bench assign` looks at them.
    @Test("loses nobody where the algorithm has 100,000 shares, over all buckets", arguments: fine)
    func growsByManySteps(algorithm: HashAlgorithm) throws {
        for (index, (lower, upper)) in try adjacentShares(of: algorithm).enumerated()
        where index.isMultiple(of: 499) || index > 99_990 {
            guard algorithm.firstBucketLost(from: lower, to: upper) == nil else {
                Issue.record("\(algorithm): somebody is lost from \(lower) to \(upper)")
                return
            }
        }
    }

    @Test("has every bucket from the share after its number on, and at no share before", arguments: fine)
    func growsInOrder(algorithm: HashAlgorithm) throws {
        // A bucket's decision compares it with a number that rises by one with each share: this, for every share,
        // and the scans above leave no pair of shares and no bucket out.
        for (lower, upper) in try adjacentShares(of: algorithm) {
            let bucket = lower.buckets
            let treated = (assigner(algorithm, at: lower), assigner(algorithm, at: upper))
            guard !treated.0.treats(bucket: bucket), treated.1.treats(bucket: bucket) else {
                Issue.record("\(algorithm): bucket \(bucket) does not come in from \(lower) to \(upper)")
                return
            }
            guard algorithm.treatedBuckets(at: upper) == algorithm.treatedBuckets(at: lower) + 1 else {
                Issue.record("\(algorithm): \(upper) is not one bucket more than \(lower)")
                return
            }
        }
    }

    @Test("is nobody at 0 % and while disabled, and everybody at 100 %", arguments: HashAlgorithm.allCases)
    func hasEnds(algorithm: HashAlgorithm) {
        let none = assigner(algorithm, at: .zero)
        let disabled = assigner(algorithm, at: .hundred, enabled: false)
        let all = assigner(algorithm, at: .hundred)
        for bucket in 0..<algorithm.bucketCount {
            guard !none.treats(bucket: bucket), !disabled.treats(bucket: bucket), all.treats(bucket: bucket)
            else {
                Issue.record("\(algorithm): bucket \(bucket)")
                return
            }
        }
    }

    @Test("gains nobody by a rollback to any lower share", arguments: HashAlgorithm.allCases)
    func rollsBack(algorithm: HashAlgorithm) throws {
        let ladder = try [0, 1, 10, 50, 99, 100].map { try #require(Percentage(percent: $0)) }
        for (index, lower) in ladder.enumerated() {
            for higher in ladder[index...] {
                // Whoever the lower share treats, the higher one treated already.
                #expect(algorithm.firstBucketLost(from: lower, to: higher) == nil, "\(higher) → \(lower)")
            }
        }
    }

    @Test("is said to lose the first bucket that a falling share leaves out")
    func findsLoss() throws {
        let (ten, fifty) = try (#require(Percentage(percent: 10)), #require(Percentage(percent: 50)))
        #expect(HashAlgorithm.flagdV2.firstBucketLost(from: fifty, to: ten) == 10_000)
        #expect(HashAlgorithm.flagdV3.firstBucketLost(from: .hundred, to: .zero) == 0)
        #expect(HashAlgorithm.unleash.firstBucketLost(from: fifty, to: ten) == 10)
        // At 10 % GrowthBook treats the hashes up to and including 0.1.
        #expect(HashAlgorithm.growthbookV2.firstBucketLost(from: fifty, to: ten) == 1_001)
    }

    @Test("keeps every treated client while the share grows", arguments: HashAlgorithm.allCases)
    func keepsTreated(algorithm: HashAlgorithm) throws {
        for seed in [1, 7, 42] as [UInt64] {
            var random = SeededGenerator(seed: seed)
            for _ in 0..<500 {
                let key = randomText(using: &random)
                let salt = randomText(using: &random)
                let buckets = (0..<2).map { _ in UInt32.random(in: 0...Percentage.bucketCount, using: &random)
                }
                .sorted()
                let low = try #require(Percentage(buckets: buckets[0]))
                let high = try #require(Percentage(buckets: buckets[1]))
                guard assigner(algorithm, at: low, salt: salt).assign(key).variant == .treatment else {
                    continue
                }
                let grown = assigner(algorithm, at: high, salt: salt).assign(key)
                #expect(grown.variant == .treatment, "seed \(seed): \(key) under \(salt), \(low) → \(high)")
            }
        }
    }

    private static let coarse: [HashAlgorithm] = [.unleash, .growthbookV2]
    private static let fine: [HashAlgorithm] = [.flagdV2, .flagdV3]

    /// Every share the algorithm tells apart, with the next one.
    private func adjacentShares(of algorithm: HashAlgorithm) throws -> [(Percentage, Percentage)] {
        let step = algorithm.finestStep.buckets
        let shares = try (0...algorithm.bucketCount).map { try #require(Percentage(buckets: $0 * step)) }
        try #require(shares.last == .hundred)
        return Array(zip(shares, shares.dropFirst()))
    }

    private func assigner(
        _ algorithm: HashAlgorithm,
        at share: Percentage,
        salt: String = "sse",
        enabled: Bool = true
    ) -> Assigner {
        Assigner(
            Allocation(enabled: enabled, percentage: share, salt: salt, algorithm: algorithm, revision: 1)
        )
    }
}
