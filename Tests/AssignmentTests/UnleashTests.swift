import Assignment
import Testing

@Suite("Assignment and Unleash's gradual rollout agree")
struct UnleashTests {
    private let vectors: UnleashVectors

    init() throws {
        vectors = try Vectors.read("unleash.json", as: UnleashVectors.self)
    }

    @Test("on every client at every rollout from 0 to 100")
    func agreesOnRollouts() throws {
        let rollouts = try (0...100).map { try #require(Percentage(percent: Double($0))) }
        for row in vectors.normalized.results {
            for (rollout, percentage) in rollouts.enumerated() {
                let assigned = assigner(row.group, at: percentage).assign(row.key)
                let expected = Assigned(
                    variant: row.value <= rollout ? .treatment : .control,
                    bucket: UInt32(row.value - 1),
                    reason: .split
                )
                #expect(assigned == expected, "\(row.group) \(row.key) at \(rollout)")
            }
        }
        #expect(vectors.normalized.results.count == 284)
    }

    /// Variants need a second hash, which no allocation here has: only the hash function is compared.
    @Test("on the hash behind variants")
    func agreesOnVariantHashes() {
        for row in vectors.normalized.results {
            let hash = Murmur3.hash("\(row.group):\(row.key)", seed: 86_028_157)
            let values = [1_000, 100, 7].map { Int(hash % $0) + 1 }
            #expect(values == row.variantValues, "\(row.group) \(row.key)")
        }
    }

    @Test("on whether a feature with a gradual rollout is enabled, as its engine says")
    func agreesOnFeatures() throws {
        // Its strategy is no gradual rollout: it is enabled for everybody.
        var left: Set<String> = []
        var compared = 0
        for row in vectors.e2e.results {
            let feature = try #require(vectors.state.features.first { $0.name == row.feature })
            guard let rollout = try feature.rollout() else {
                left.insert(feature.name)
                continue
            }
            let assigner = assigner(rollout.group, at: rollout.share, by: rollout.bucketBy)
            let assigned = assigner.assign(context: row.context.flattened)
            #expect(
                assigned.variant == (row.enabled ? .treatment : .control),
                "\(row.feature) \(row.context)"
            )
            compared += 1
        }
        #expect(left == ["toggle-variants"])
        #expect(compared == 363)
    }

    private func assigner(_ group: String, at share: Percentage, by attribute: String = "userId") -> Assigner
    {
        let allocation = Allocation(
            enabled: true,
            percentage: share,
            salt: group,
            algorithm: .unleash,
            revision: 1
        )
        return Assigner(allocation, bucketBy: attribute)
    }
}

/// `unleash.json`: hashes of the Python client, answers of the native engine.
private struct UnleashVectors: Decodable {
    struct Normalized: Decodable {
        struct Row: Decodable {
            var group: String
            var key: String
            /// 1…100, with seed 0.
            var value: Int
            /// Out of 1,000, 100 and 7, with the seed of variants.
            var variantValues: [Int]

            init(from decoder: any Decoder) throws {
                var columns = try decoder.unkeyedContainer()
                group = try columns.decode(String.self)
                key = try columns.decode(String.self)
                value = try columns.decode(Int.self)
                variantValues = try (0..<3).map { _ in try columns.decode(Int.self) }
            }
        }

        var results: [Row]
    }

    struct State: Decodable {
        var features: [Feature]
    }

    struct Feature: Decodable {
        struct Strategy: Decodable {
            var name: String
            var parameters: [String: String]
        }

        var name: String
        var strategies: [Strategy]

        /// What the first strategy says, when it is a gradual rollout.
        func rollout() throws -> (share: Percentage, group: String, bucketBy: String)? {
            let parameters = try #require(strategies.first).parameters
            guard let text = parameters["rollout"] ?? parameters["percentage"] else { return nil }
            let share = try #require(Double(text).flatMap(Percentage.init(percent:)))
            let stickiness = parameters["stickiness"] ?? "userId"
            return (share, parameters["groupId"] ?? name, stickiness)
        }
    }

    struct Context: Decodable {
        var userId: String?
        var sessionId: String?
        var properties: [String: String]?

        /// `default` is what Unleash calls the user, or else the session.
        var flattened: [String: String] {
            var attributes = properties ?? [:]
            attributes["userId"] = userId
            attributes["sessionId"] = sessionId
            attributes["default"] = userId ?? sessionId
            return attributes
        }
    }

    struct EndToEnd: Decodable {
        struct Row: Decodable {
            var feature: String
            var context: Context
            var enabled: Bool

            init(from decoder: any Decoder) throws {
                var columns = try decoder.unkeyedContainer()
                feature = try columns.decode(String.self)
                context = try columns.decode(Context.self)
                enabled = try columns.decode(Bool.self)
            }
        }

        var results: [Row]
    }

    var normalized: Normalized
    var state: State
    var e2e: EndToEnd
}
