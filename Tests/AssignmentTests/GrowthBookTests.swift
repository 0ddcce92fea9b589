import Assignment
import Testing

@Suite("Assignment and GrowthBook's hash version 2 agree")
struct GrowthBookTests {
    private let vectors: GrowthBookVectors

    init() throws {
        vectors = try Vectors.read("growthbook.json", as: GrowthBookVectors.self)
    }

    @Test("on the bucket of every value under every seed")
    func agreesOnBuckets() {
        for row in vectors.hash.results {
            let bucket = assigner(row.seed, at: .hundred).assign(row.value).bucket
            #expect(bucket == buckets(row.hash), "\(row.seed) \(row.value)")
        }
        #expect(vectors.hash.results.count == 244)
    }

    @Test("that a client whose hash equals the coverage is covered, but nobody at 0")
    func coversUpToAndIncluding() throws {
        for row in vectors.hash.results {
            // The coverage in buckets of ours: a ten-thousandth is ten.
            let equal = buckets(row.hash) * 10
            let more = try #require(Percentage(buckets: equal + 10))
            #expect(assigner(row.seed, at: more).assign(row.value).variant == .treatment)
            guard equal > 0 else { continue }
            let same = try #require(Percentage(buckets: equal))
            let less = try #require(Percentage(buckets: equal - 10))
            #expect(assigner(row.seed, at: same).assign(row.value).variant == .treatment)
            #expect(assigner(row.seed, at: less).assign(row.value).variant == .control)
        }
        #expect(HashAlgorithm.growthbookV2.treatedBuckets(at: .zero) == 0)
    }

    @Test("on every evaluation of a rollout")
    func agreesOnRollout() throws {
        let quarter = try #require(Percentage(percent: 25))
        let rows = vectors.evaluations.results.filter { $0.feature == "rollout-force" }
        for row in rows {
            let variant = assigner("rollout-force-seed", at: quarter).assign(row.key).variant
            #expect(variant == (row.isForced == true ? .treatment : .control), "\(row.key)")
        }
        #expect(rows.count == 70)
    }

    /// Experiments have ranges where a rollout has a coverage; their buckets are the same ones.
    @Test("on the bucket of every client in an experiment")
    func agreesOnExperiments() {
        let seeds = ["exp5050": "exp5050-s", "exp-cov40": "exp-cov40", "exp-ns": "exp-ns"]
        var compared = 0
        for row in vectors.evaluations.results {
            guard let seed = seeds[row.feature], let hash = row.bucket else { continue }
            #expect(assigner(seed, at: .hundred).assign(row.key).bucket == buckets(hash), "\(row.key)")
            compared += 1
        }
        #expect(compared == 130)
    }

    @Test("on bytes as on the text they spell, malformed ones counting as replacement characters")
    func agreesOnBytes() {
        let everybody = assigner("соль", at: .hundred)
        for row in vectors.hash.results {
            #expect(everybody.assign(utf8: Array(row.value.utf8).span) == everybody.assign(row.value))
        }
        let malformed: [UInt8] = [0x61, 0xff, 0x62]
        #expect(everybody.assign(utf8: malformed.span) == everybody.assign("a\u{fffd}b"))
    }

    private func buckets(_ hash: Double) -> UInt32 { UInt32(hash * 10_000 + 0.5) }

    private func assigner(_ seed: String, at share: Percentage) -> Assigner {
        Assigner(
            Allocation(enabled: true, percentage: share, salt: seed, algorithm: .growthbookV2, revision: 1)
        )
    }
}

/// `growthbook.json`: hashes of the Python and the JavaScript SDK, evaluations of the Python SDK.
///
/// The feature `rollout-force-v1` and the columns of hash version 1 are another algorithm, which is not offered.
private struct GrowthBookVectors: Decodable {
    struct Hashes: Decodable {
        struct Row: Decodable {
            var seed: String
            var value: String
            /// Version 2: 0 up to 0.9999.
            var hash: Double

            init(from decoder: any Decoder) throws {
                var columns = try decoder.unkeyedContainer()
                seed = try columns.decode(String.self)
                value = try columns.decode(String.self)
                _ = try columns.decode(UInt32.self)
                _ = try columns.decode(Double.self)
                _ = try columns.decode(UInt32.self)
                hash = try columns.decode(Double.self)
            }
        }

        var results: [Row]
    }

    struct Evaluations: Decodable {
        struct Row: Decodable {
            var feature: String
            var key: String
            /// What a rollout gives; nil for experiments, whose values are texts.
            var isForced: Bool?
            var bucket: Double?

            init(from decoder: any Decoder) throws {
                var columns = try decoder.unkeyedContainer()
                feature = try columns.decode(String.self)
                key = try columns.decode(String.self)
                isForced = try? columns.decode(Bool.self)
                if isForced == nil { _ = try columns.decode(String.self) }
                bucket = try columns.decodeIfPresent(Double.self)
            }
        }

        var results: [Row]
    }

    var hash: Hashes
    var evaluations: Evaluations
}
