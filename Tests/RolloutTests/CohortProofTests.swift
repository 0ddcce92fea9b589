import Assignment
import Rollout
import Testing

@Suite("The proof over a policy's ladder")
struct CohortProofTests {
    private static func proof(_ algorithm: HashAlgorithm, _ percents: [Double]) -> CohortProof {
        CohortProof(algorithm, over: percents.compactMap(Percentage.init(percent:)))
    }

    @Test("finds that rising steps only add clients, for every algorithm", arguments: HashAlgorithm.allCases)
    func rising(algorithm: HashAlgorithm) {
        let proof = Self.proof(algorithm, [1, 10, 50, 100])
        #expect(proof.loss == nil)
        #expect(proof.bucketCount == algorithm.bucketCount)
        #expect(proof.shares.map(\.percent) == [1, 10, 50, 100])
    }

    @Test("names the step and the bucket that would lose the treatment", arguments: HashAlgorithm.allCases)
    func falling(algorithm: HashAlgorithm) throws {
        let proof = Self.proof(algorithm, [10, 50, 20, 100])
        let loss = try #require(proof.loss)
        #expect(loss.before.percent == 50 && loss.after.percent == 20)
        #expect(loss.bucket == algorithm.treatedBuckets(at: loss.after))
    }
}
