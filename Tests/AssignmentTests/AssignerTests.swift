import Assignment
import Testing
import TidegateTestKit

@Suite("An assigner")
struct AssignerTests {
    private func assigner(
        at percentage: Percentage,
        by algorithm: HashAlgorithm = .flagdV2,
        salt: String = "sse",
        enabled: Bool = true
    ) -> Assigner {
        Assigner(
            Allocation(
                enabled: enabled,
                percentage: percentage,
                salt: salt,
                algorithm: algorithm,
                revision: 1
            )
        )
    }

    @Test("gives control to everybody while the flag is disabled, whatever the percentage")
    func disabled() {
        let expected = Assigned(variant: .control, bucket: nil, reason: .disabled)
        #expect(assigner(at: .hundred, enabled: false).assign("user-1") == expected)
        #expect(assigner(at: .hundred, enabled: false).assign("") == expected)
    }

    @Test("gives control to a client without a key, even at 100 %")
    func missingKey() {
        let expected = Assigned(variant: .control, bucket: nil, reason: .targetingKeyMissing)
        #expect(assigner(at: .hundred).assign("") == expected)
        #expect(assigner(at: .hundred).assign("user"[..<"user".startIndex]) == expected)
    }

    @Test("treats nobody at 0 % and everybody at 100 %, the outermost hashes included")
    func extremes() {
        // Without a salt these keys hash to 0 and to 2³² − 1.
        for (key, bucket) in [("ejOoVL", 0), ("ceQdGm", 99_999)] as [(String, UInt32)] {
            let treated = Assigned(variant: .treatment, bucket: bucket, reason: .split)
            let untreated = Assigned(variant: .control, bucket: bucket, reason: .split)
            #expect(assigner(at: .hundred, salt: "").assign(key) == treated)
            #expect(assigner(at: .zero, salt: "").assign(key) == untreated)
        }
    }

    @Test("hashes a prepared salt and a key like one text", arguments: [1, 7, 42] as [UInt64])
    func preparedSaltEqualsWholeText(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for saltLength in 0..<9 {
            for keyLength in 1..<14 {
                let salt = randomText(scalars: saltLength, using: &random)
                let key = randomText(scalars: keyLength, using: &random)
                let prepared = assigner(at: .hundred, salt: salt).assign(key).bucket
                let whole = assigner(at: .hundred, salt: "").assign(salt + key).bucket
                #expect(prepared == whole, "seed \(seed): salt \(Array(salt.utf8)), key \(Array(key.utf8))")
            }
        }
    }

    @Test("gives a text one answer in all its shapes", arguments: HashAlgorithm.allCases)
    func shapes(algorithm: HashAlgorithm) {
        let assigner = assigner(at: .hundred, by: algorithm)
        let header = "session=3ceaaf30-8142-48ea-91d9-3080f9b439fc; theme=ключ; empty=; 🏁=z"
        for part in header.split(separator: "; ").flatMap({
            $0.split(separator: "=", omittingEmptySubsequences: false)
        }) {
            let whole = assigner.assign(String(part))
            #expect(assigner.assign(part) == whole)
            #expect(assigner.assign(utf8: Array(part.utf8).span) == whole)
            #expect(assigner.assign(Optional(String(part))) == whole)
            #expect(assigner.assign(context: ["targetingKey": String(part), "other": "x"]) == whole)
        }
    }

    @Test("takes a client's key from the attribute it is told")
    func bucketBy() {
        let context = ["targetingKey": "user-1", "company": "acme"]
        let allocation = Allocation(enabled: true, percentage: .hundred, salt: "sse", revision: 1)
        let byCompany = Assigner(allocation, bucketBy: "company")
        #expect(byCompany.assign(context: context) == Assigner(allocation).assign("acme"))
        #expect(byCompany.assign(context: ["targetingKey": "user-1"]).reason == .targetingKeyMissing)
    }

    @Test("gives its reasons in OpenFeature's words")
    func reasons() {
        let words = ["SPLIT", "TARGETING_MATCH", "DISABLED", "TARGETING_KEY_MISSING"]
        #expect(AssignmentReason.allCases.map(\.rawValue) == words)
    }

    @Test("rounds a share that its algorithm cannot express down, never up")
    func roundsDown() throws {
        let share = try #require(Percentage(percent: 10.999))
        #expect(!HashAlgorithm.unleash.expresses(share) && !HashAlgorithm.growthbookV2.expresses(share))
        #expect(HashAlgorithm.flagdV2.expresses(share) && HashAlgorithm.flagdV3.expresses(share))
        #expect(HashAlgorithm.unleash.treatedBuckets(at: share) == 10)
        #expect(HashAlgorithm.growthbookV2.treatedBuckets(at: share) == 1_100)
        #expect(HashAlgorithm.allCases.map(\.finestStep.percent) == [0.001, 0.001, 1, 0.01])
    }

    @Test("puts similar keys evenly into buckets")
    func isEven() throws {
        let ten = try #require(Percentage(percent: 10))
        let assigner = assigner(at: ten)
        let treated = (0..<100_000).count { assigner.assign("user-\($0)").variant == .treatment }
        // Five standard deviations of a fair draw are 474; the keys are fixed, so this never flickers.
        #expect((10_000 - 474...10_000 + 474).contains(treated))
    }
}
