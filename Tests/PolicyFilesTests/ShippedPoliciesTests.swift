import Assignment
import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@testable import PolicyFiles

@Suite("The policies that come along")
struct ShippedPoliciesTests {
    private static let folder = Golden.fixtures("../../Policies")

    @Test("are read without a finding")
    func clean() throws {
        let loaded = try PolicyFile.read("\(Self.folder)/sse.yaml", environment: [:])
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.policy.flag == "sse")
        #expect(loaded.policy.variants == Variants(treatment: "sse", control: "polling"))
        #expect(loaded.policy.steps.map(\.percentage.percent) == [10, 50, 100])
        #expect(
            loaded.policy.checks.map(\.name) == [
                "client-failures", "server-errors", "update-latency", "split",
            ]
        )
        #expect(loaded.policy.deadlines == Deadlines())
    }

    @Test("have a schema with exactly the keys that are read")
    func schemaKeys() throws {
        var definitions = try schema().definitions
        #expect(keys(try schema().properties) == Sections.words(PolicyKey.self))
        for (name, expected) in Sections.all {
            #expect(keys(definitions.removeValue(forKey: name)?.properties) == expected, "\(name)")
        }
        #expect(definitions.values.allSatisfy { $0.properties == nil }, "a section that nothing reads")
    }

    @Test("have a schema with the words that are read")
    func schemaWords() throws {
        let schema = try schema()
        #expect(
            schema.definitions["file"]?.properties?["format"]?.enum == FileFormat.allCases.map(\.rawValue)
        )
        #expect(
            schema.definitions["deadline"]?.properties?["then"]?.enum
                == DeadlineAction.allCases.map(\.rawValue)
        )
        #expect(schema.properties["algorithm"]?.enum == HashAlgorithm.allCases.map(\.rawValue))
    }

    @Test("have a page that explains every key")
    func page() {
        let page = String(decoding: Reading.bytes(at: "\(Self.folder)/README.md"), as: UTF8.self)
        for key in Sections.keys {
            #expect(page.contains("`\(key)`"), "the page says nothing about '\(key)'")
        }
    }

    private func schema() throws -> Schema {
        let data = try #require(FileManager.default.contents(atPath: "\(Self.folder)/policy.schema.json"))
        return try JSONDecoder().decode(Schema.self, from: data)
    }

    private func keys(_ properties: [String: Property]?) -> [String] {
        (properties?.keys).map { $0.sorted() } ?? []
    }
}

private struct Schema: Decodable {
    var properties: [String: Property]
    var definitions: [String: Definition]

    enum CodingKeys: String, CodingKey {
        case properties
        case definitions = "$defs"
    }
}

private struct Definition: Decodable {
    var properties: [String: Property]?
}

private struct Property: Decodable {
    var `enum`: [String]?
}
