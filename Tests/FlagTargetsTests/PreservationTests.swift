import Assignment
import Rollout
import Testing
import TidegateTestKit

@testable import FlagTargets

@Suite("A change to a flag file")
struct PreservationTests {
    @Test("looks as a person would have written it in a new file")
    func newFile() throws {
        let allocation = StoredSamples.allocation(percent: 10, revision: 7)
        #expect(
            try Self.change(nil, .json, to: allocation) == """
                {
                  "sse": {
                    "enabled": true,
                    "rollout": {"percentage": 10, "salt": "sse", "algorithm": "flagd-v2", "revision": 7}
                  }
                }

                """
        )
        #expect(
            try Self.change(nil, .env, to: allocation) == """
                SSE_ENABLED=true
                SSE_ROLLOUT_PERCENTAGE=10
                SSE_ROLLOUT_SALT=sse
                SSE_ROLLOUT_ALGORITHM=flagd-v2
                SSE_ROLLOUT_REVISION=7

                """
        )
    }

    @Test("looks like that in the formats of other products too")
    func newFileOfOthers() throws {
        var allocation = StoredSamples.allocation(percent: 12.5, revision: 7)
        #expect(
            try Self.change(nil, .flagd, to: allocation) == """
                {
                  "$schema": "https://flagd.dev/schema/v0/flags.json",
                  "flags": {
                    "sse": {
                      "state": "ENABLED",
                      "variants": {"on": true, "off": false},
                      "defaultVariant": "off",
                      "targeting": {"fractional": [["on", 12500], ["off", 87500]]},
                      "metadata": {"rolloutPercentage": 12.5, "rolloutSalt": "sse", "bucketing": "flagd-v2", \
                "rolloutRevision": 7}
                    }
                  }
                }

                """
        )
        let bucket = try Self.change(nil, .flagdBucket, to: allocation)
        #expect(
            bucket.contains(
                #""targeting": {"if": [{"<": [{"var": ["rollout.sse", 100000]}, 12500]}, "on", "off"]},"#
            )
        )
        allocation.algorithm = .unleash
        allocation.percentage = try #require(Percentage(percent: 12))
        #expect(
            try Self.change(nil, .unleash, to: allocation) == """
                {
                  "version": 2,
                  "features": [
                    {
                      "name": "sse",
                      "type": "release",
                      "enabled": true,
                      "stale": false,
                      "impressionData": false,
                      "strategies": [{"name": "flexibleRollout", "constraints": [{"contextName": "userId", \
                "operator": "NOT_IN", "values": [""]}], "parameters": {"rollout": "12", "stickiness": "userId", \
                "groupId": "sse"}}],
                      "variants": [],
                      "tidegate": {"percentage": 12, "salt": "sse", "algorithm": "unleash", "revision": 7}
                    }
                  ]
                }

                """
        )
    }

    @Test("puts a new flag beside those of other people, in their layout")
    func besideOthers() throws {
        let off = StoredSamples.allocation(percent: 0, enabled: false, revision: 8)
        #expect(
            try Self.change(
                "{\n    \"flags\": {\n        \"a\": 1\n    }, \"$evaluators\": {}\n}",
                .flagd,
                to: off
            )
                == """
                {
                    "flags": {
                        "a": 1,
                        "sse": {
                            "state": "DISABLED",
                            "variants": {"on": true, "off": false},
                            "defaultVariant": "off",
                            "targeting": {"fractional": [["on", 0], ["off", 100000]]},
                            "metadata": {"rolloutPercentage": 0, "rolloutSalt": "sse", "bucketing": "flagd-v2", \
                "rolloutRevision": 8}
                        }
                    }, "$evaluators": {}
                }
                """
        )
        let feature = try Self.change(#"{"features": [{"name": "a"}]}"#, .unleash, to: off)
        #expect(
            feature.hasPrefix(
                #"{"features": [{"name": "a"},{"name": "sse", "type": "release", "enabled": false,"#
            )
        )
        #expect(
            try Self.change("{}", .unleash, to: off).hasPrefix(
                #"{"version": 2, "features": [{"name": "sse","#
            )
        )
        #expect(try Self.change("{}", .flagd, to: off).hasPrefix(#"{"flags": {"sse": {"state": "DISABLED","#))
    }

    @Test("follows the layout it finds and touches only what changes")
    func layout() throws {
        let allocation = StoredSamples.allocation(percent: 0.5, revision: 8)
        #expect(
            try Self.change(
                """
                {
                \t"big": 123456789012345678901234567890,
                \t"sse": {"enabled": true , "who": "\\u00e9",
                \t\t"rollout": { "percentage": 10.0, "note": [1e400, {"percentage": 1}], "revision":7 }},
                \t"z": {"a":1, "a":2}
                }
                """,
                .json,
                to: allocation
            ) == """
                {
                \t"big": 123456789012345678901234567890,
                \t"sse": {"enabled": true , "who": "\\u00e9",
                \t\t"rollout": { "percentage": 0.5, "note": [1e400, {"percentage": 1}], "revision":8, \
                "salt": "sse", "algorithm": "flagd-v2" }},
                \t"z": {"a":1, "a":2}
                }
                """
        )
        #expect(
            try Self.change("{\n    \"a\": 1\n}\n", .json, to: allocation) == """
                {
                    "a": 1,
                    "sse": {
                        "enabled": true,
                        "rollout": {"percentage": 0.5, "salt": "sse", "algorithm": "flagd-v2", "revision": 8}
                    }
                }

                """
        )
        #expect(
            try Self.change(
                "# head\r\nA='x y'\r\nexport SSE_ENABLED=\"false\" # off\r\nSSE_ROLLOUT_PERCENTAGE = 10\r\n\r\nB=2",
                .env,
                to: allocation
            )
                == "# head\r\nA='x y'\r\nexport SSE_ENABLED=\"true\" # off\r\nSSE_ROLLOUT_PERCENTAGE = 0.5\r\n"
                + "SSE_ROLLOUT_SALT=sse\r\nSSE_ROLLOUT_ALGORITHM=flagd-v2\r\nSSE_ROLLOUT_REVISION=8\r\n\r\nB=2"
        )
        #expect(
            try Self.change("B=2", .env, to: allocation).hasPrefix(
                "B=2\nSSE_ENABLED=true\nSSE_ROLLOUT_PERCENTAGE=0.5\n"
            )
        )
    }

    @Test("leaves every byte of the rest of a JSON document", arguments: 0..<300 as Range<UInt64>)
    func randomJSON(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = Array(RandomDocument.json(using: &random).utf8)
        let others = try Self.others(in: bytes)
        for revision in 1...4 {
            let allocation = Self.allocation(revision: revision, using: &random)
            bytes = try FlagDocument(format: .json, flag: "sse", bytes: bytes).showing(allocation)
            let document = FlagDocument(format: .json, flag: "sse", bytes: bytes)
            #expect(try document.allocation() == allocation, "seed \(seed)")
            #expect(try Self.others(in: bytes) == others, "seed \(seed)")
            #expect(try document.showing(allocation) == bytes, "seed \(seed)")
        }
    }

    @Test(
        "leaves every byte of the rest of other products' documents",
        arguments: [FileFormat.flagd, .flagdBucket, .unleash],
        0..<150 as Range<UInt64>
    )
    func randomOthers(format: FileFormat, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = Array(RandomDocument.foreign(format, using: &random).utf8)
        let others = try ForeignMembers(bytes, format).others
        for revision in 1...4 {
            var allocation = Self.allocation(revision: revision, using: &random)
            allocation.algorithm = format.algorithms.randomElement(using: &random) ?? .flagdV2
            if format == .unleash {
                allocation.salt = allocation.salt.replacing("\"", with: "").replacing("\\", with: "")
            }
            let document = FlagDocument(format: format, flag: "sse", bytes: bytes)
            bytes = try document.showing(allocation)
            let shown = FlagDocument(format: format, flag: "sse", bytes: bytes)
            #expect(try shown.allocation() == allocation, "seed \(seed)")
            #expect(try ForeignMembers(bytes, format).others == others, "seed \(seed)")
            #expect(try shown.showing(allocation) == bytes, "seed \(seed)")
        }
    }

    @Test("leaves every other line of an environment file", arguments: 0..<300 as Range<UInt64>)
    func randomEnv(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes = RandomDocument.env(using: &random)
        func others(_ bytes: [UInt8]) -> [[UInt8]] {
            bytes.split(separator: UInt8(ascii: "\n")).map(Array.init).filter {
                !String(decoding: $0, as: UTF8.self).contains("SSE_")
            }
        }
        let before = others(bytes)
        for revision in 1...4 {
            let allocation = Self.allocation(revision: revision, using: &random)
            bytes = try FlagDocument(format: .env, flag: "sse", bytes: bytes).showing(allocation)
            let document = FlagDocument(format: .env, flag: "sse", bytes: bytes)
            #expect(try document.allocation() == allocation, "seed \(seed)")
            #expect(others(bytes) == before, "seed \(seed)")
            #expect(try document.showing(allocation) == bytes, "seed \(seed)")
        }
    }

    private static func change(_ text: String?, _ format: FileFormat, to allocation: Allocation) throws
        -> String
    {
        let document = FlagDocument(format: format, flag: "sse", bytes: text.map { Array($0.utf8) })
        return String(decoding: try document.showing(allocation), as: UTF8.self)
    }

    private static func allocation(revision: Int, using random: inout SeededGenerator) -> Allocation {
        let salts = ["sse", "", "a b", "it's", "\"q\" \\ $x `y` #z", "é😀", "0"]
        var allocation = StoredSamples.allocation(
            percent: [0, 0.001, 12.5, 100].randomElement(using: &random) ?? 0,
            enabled: Bool.random(using: &random),
            revision: revision
        )
        allocation.salt = salts.randomElement(using: &random) ?? ""
        return allocation
    }

    /// The exact bytes of every member that is not about our flag, and of the unknown ones inside it.
    private static func others(in bytes: [UInt8]) throws -> [[UInt8]] {
        func text(_ member: JSONMember) -> [UInt8] {
            Array(bytes[member.keySpan.lowerBound..<member.value.span.upperBound])
        }
        guard case .object(let members) = try JSONScanner.parse(bytes).content else { return [] }
        return members.flatMap { member -> [[UInt8]] in
            guard member.key == "sse", case .object(let inner) = member.value.content else {
                return [text(member)]
            }
            return inner.flatMap { member -> [[UInt8]] in
                guard member.key == "rollout", case .object(let rollout) = member.value.content else {
                    return member.key == "enabled" ? [] : [text(member)]
                }
                let ours = ["percentage", "salt", "algorithm", "revision"]
                return rollout.filter { !ours.contains($0.key ?? "") }.map(text)
            }
        }
    }
}
