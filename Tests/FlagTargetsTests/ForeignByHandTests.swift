import Assignment
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import FlagTargets

@Suite("A published file that a person has edited")
struct ForeignByHandTests {
    /// A person's edit: some text of the published file in place of another.
    struct Edit: Sendable, CustomTestStringConvertible {
        var format: FileFormat
        var old: String
        var new: String

        init(_ format: FileFormat, _ old: String, _ new: String) {
            (self.format, self.old, self.new) = (format, old, new)
        }

        var testDescription: String { "\(format.rawValue): \(old) → \(new)" }
    }

    private static func published(_ format: FileFormat) throws -> String {
        var allocation = StoredSamples.allocation(percent: 50, revision: 7)
        allocation.algorithm = format.algorithms.first ?? .flagdV2
        allocation.salt = "pepper"
        let document = FlagDocument(format: format, flag: "sse", bytes: nil)
        return String(decoding: try document.showing(allocation), as: UTF8.self)
    }

    private static func read(_ edit: Edit) throws -> Allocation? {
        let before = try published(edit.format)
        try #require(before.contains(edit.old))
        let bytes = Array(before.replacing(edit.old, with: edit.new).utf8)
        return try FlagDocument(format: edit.format, flag: "sse", bytes: bytes).allocation()
    }

    @Test(
        "shows the share that its readers carry out, whatever the note beside it says",
        arguments: [
            (Edit(.flagd, "[\"on\", 50000]", "[\"on\", 20000]"), nil),
            (Edit(.flagd, "50000], [\"off\", 50000", "1], [\"off\", 4"), 20),
            (Edit(.flagd, "50000], [\"off\", 50000", "100000], [\"off\", 0"), 100),
            (Edit(.flagd, #""rolloutPercentage": 50, "#, ""), 50),
            (Edit(.flagd, "Percentage\": 50", "Percentage\": 10"), 50),
            (Edit(.flagdBucket, ", 50000]", ", 20000]"), 20), (Edit(.flagdBucket, ", 50000]", ", 0]"), 0),
            (Edit(.flagdBucket, "Percentage\": 50", "Percentage\": 10"), 50),
            (Edit(.unleash, "\"50\"", "\"20\""), 20),
            (Edit(.unleash, "percentage\": 50", "percentage\": 10"), 50),
            (Edit(.unleash, "\"50\"", "\"0\""), 0),
        ] as [(Edit, Double?)]
    )
    func followsReaders(edit: Edit, percent: Double?) throws {
        guard let percent else {
            // Weights of 20,000 and 50,000 are no share in thousandths.
            #expect(throws: DocumentFault.self) { try Self.read(edit) }
            return
        }
        let shown = try #require(try Self.read(edit))
        #expect(shown.exposure.percent == percent)
        #expect(shown.salt == "pepper")
        #expect(shown.revision == 7)
    }

    @Test(
        "and switched off shows nobody",
        arguments: [
            Edit(.flagd, "ENABLED", "DISABLED"), Edit(.flagdBucket, "ENABLED", "DISABLED"),
            Edit(.unleash, "\"enabled\": true", "\"enabled\": false"),
        ]
    )
    func switchedOff(edit: Edit) throws {
        let shown = try #require(try Self.read(edit))
        #expect(!shown.enabled)
        #expect(shown.percentage.percent == 50)
    }

    @Test(
        "and switched on again exposes nobody: a disabled flag's share is 0 as well",
        arguments: [
            (FileFormat.flagd, "DISABLED", "ENABLED"), (.flagdBucket, "DISABLED", "ENABLED"),
            (.unleash, "\"enabled\": false", "\"enabled\": true"),
        ]
    )
    func switchedOn(format: FileFormat, off: String, on: String) throws {
        var allocation = StoredSamples.allocation(percent: 50, enabled: false, revision: 7)
        allocation.algorithm = try #require(format.algorithms.first)
        let document = FlagDocument(format: format, flag: "sse", bytes: nil)
        let text = String(decoding: try document.showing(allocation), as: UTF8.self)
        try #require(text.contains(off))
        let edited = FlagDocument(
            format: format,
            flag: "sse",
            bytes: Array(text.replacing(off, with: on).utf8)
        )
        let shown = try #require(try edited.allocation())
        #expect(shown.enabled)
        #expect(shown.exposure == .zero)
    }

    @Test(
        "has the salt that readers hash, and not the noted one",
        arguments: [
            Edit(.flagd, "rolloutSalt\": \"pepper", "rolloutSalt\": \"mint"),
            Edit(.unleash, "\"salt\": \"pepper", "\"salt\": \"mint"),
        ]
    )
    func hashedSalt(edit: Edit) throws {
        #expect(try Self.read(edit)?.salt == "pepper")
    }

    @Test(
        "is refused where readers would do anything else",
        arguments: [
            Edit(.flagd, "\"defaultVariant\": \"off\"", "\"defaultVariant\": \"on\""),
            Edit(.flagd, "\"on\": true", "\"on\": false"), Edit(.flagd, "\"on\": true", "\"On\": true"),
            Edit(.flagd, "[\"on\", 50000], [\"off\", 50000]", "[\"off\", 50000], [\"on\", 50000]"),
            Edit(.flagd, "[\"off\", 50000]", "[\"off\", 50000], [\"on\", 1]"),
            Edit(.flagd, "[\"off\", 50000]", "[\"off\"]"),
            Edit(.flagd, "[\"off\", 50000]", "[\"off\", -50000]"),
            Edit(.flagd, "[\"on\", 50000], [\"off\", 50000]", "[\"on\", 0], [\"off\", 0]"),
            Edit(.flagd, "\"cat\"", "\"bat\""), Edit(.flagd, "]]}, \"off\"]}", "]]}, \"on\"]}"),
            Edit(.flagd, "{\"if\": [{\"var\": \"targetingKey\"}", "{\"if\": [true"),
            Edit(.flagd, "{\"var\": \"targetingKey\"}]}, [\"on\"", "{\"var\": \"email\"}]}, [\"on\""),
            Edit(.flagd, "flagd-v2", "unleash"), Edit(.flagd, "flagd-v2", "md5"),
            Edit(.flagd, "ENABLED", "enabled"),
            Edit(.flagd, "\"state\"", "\"status\""), Edit(.flagd, "\"targeting\"", "\"target\""),
            Edit(.flagd, "\"rolloutRevision\": 7", "\"rolloutRevision\": -7"),
            Edit(.flagd, "\"flags\": {", "\"flags\": {\"sse\": {}, "),
            Edit(.flagd, "\"flags\": {", "\"flags\": [], \"f\": {"),
            Edit(.flagdBucket, "100000", "0"), Edit(.flagdBucket, ", 100000]", "]"),
            Edit(.flagdBucket, "\"<\"", "\"<=\""), Edit(.flagdBucket, "rollout.sse", "rollout.other"),
            Edit(.flagdBucket, "\"on\", \"off\"]}", "\"off\", \"on\"]}"),
            Edit(.flagdBucket, "flagd-v2", "unleash"),
            Edit(.flagdBucket, ", 50000]", ", 50000.5]"), Edit(.flagdBucket, ", 50000]", ", 200000]"),
            Edit(.unleash, "\"groupId\": \"pepper", "\"groupId\": \"pep\\\"per"),
            Edit(.unleash, "\"50\"", "50"), Edit(.unleash, "\"50\"", "\"12.5\""),
            Edit(.unleash, "\"50\"", "\"101\""),
            Edit(.unleash, "flexibleRollout", "default"),
            Edit(.unleash, "\"stickiness\": \"userId\"", "\"stickiness\": \"default\""),
            Edit(.unleash, "\"strategies\": [", "\"strategies\": [{\"name\": \"default\"}, "),
            Edit(.unleash, "\"strategies\": [", "\"strategies\": [], \"old\": ["),
            Edit(.unleash, "\"values\": [\"\"]", "\"values\": [\"a\"]"),
            Edit(.unleash, "\"parameters\"", "\"segments\": [1], \"parameters\""),
            Edit(.unleash, "\"parameters\"", "\"disabled\": true, \"parameters\""),
            Edit(.unleash, "\"variants\"", "\"dependencies\": [{\"feature\": \"a\"}], \"variants\""),
            Edit(.unleash, "\"features\": [", "\"features\": [{\"name\": \"sse\"}, "),
            Edit(.unleash, "\"algorithm\": \"unleash\"", "\"algorithm\": \"flagd-v2\""),
            Edit(.unleash, "\"enabled\": true", "\"enabled\": 1"),
            Edit(.unleash, "\"features\"", "\"features\": {}, \"f\""),
        ]
    )
    func refused(edit: Edit) throws {
        let fault = #expect(throws: DocumentFault.self) { try Self.read(edit) }
        #expect(fault?.message.isEmpty == false)
        // Nothing is written over what is not understood.
        let bytes = Array(try Self.published(edit.format).replacing(edit.old, with: edit.new).utf8)
        let off = StoredSamples.allocation(percent: 0, enabled: false, revision: 9)
        let document = FlagDocument(format: edit.format, flag: "sse", bytes: bytes)
        #expect(throws: DocumentFault.self) { try document.showing(off) }
    }

    @Test("without a guard against missing keys is refused where the salt would be hashed alone")
    func unguarded() throws {
        let salted = #"[{"cat": ["pepper", {"var": "targetingKey"}]}, ["on", 1], ["off", 1]]"#
        func document(_ targeting: String) -> FlagDocument {
            let text = """
                {"flags": {"sse": {"state": "ENABLED", "variants": {"on": true, "off": false},
                "defaultVariant": "off", "targeting": \(targeting)}}}
                """
            return FlagDocument(format: .flagd, flag: "sse", bytes: Array(text.utf8))
        }
        #expect(throws: DocumentFault.self) { try document("{\"fractional\": \(salted)}").allocation() }
        let guarded = "{\"if\": [{\"var\": \"targetingKey\"}, {\"fractional\": \(salted)}, \"off\"]}"
        #expect(try document(guarded).allocation()?.exposure.percent == 50)
        let plain = try document(#"{"fractional": [["on", 1], ["off", 3]]}"#).allocation()
        #expect(plain == StoredSamples.allocation(percent: 25, revision: 0))
    }

    @Test("is not made to expose anybody by an algorithm that readers of the format do not compute")
    func otherAlgorithms() throws {
        for format in FileFormat.allCases {
            for algorithm in HashAlgorithm.allCases {
                var allocation = StoredSamples.allocation(percent: 50, revision: 7)
                allocation.algorithm = algorithm
                let document = FlagDocument(format: format, flag: "sse", bytes: nil)
                if format.algorithms.contains(algorithm) {
                    #expect(throws: Never.self) { try document.showing(allocation) }
                } else {
                    let fault = #expect(throws: DocumentFault.self) { try document.showing(allocation) }
                    #expect(fault?.hint.contains("another format") == true)
                }
                allocation.enabled = false
                let bytes = try document.showing(allocation)
                #expect(
                    try FlagDocument(format: format, flag: "sse", bytes: bytes).allocation() == allocation
                )
            }
        }
    }

    @Test("is not made with a salt that Unleash's clients take for the end of a rule, but for nobody it is")
    func saltOfUnleash() throws {
        for salt in ["a\"b", "a\\"] {
            let half = try #require(Percentage(percent: 50))
            var allocation = Allocation(
                enabled: true,
                percentage: half,
                salt: salt,
                algorithm: .unleash,
                revision: 7
            )
            let document = FlagDocument(format: .unleash, flag: "sse", bytes: nil)
            let fault = #expect(throws: DocumentFault.self) { try document.showing(allocation) }
            #expect(fault?.hint.contains("salt") == true)
            allocation.enabled = false
            let bytes = try document.showing(allocation)
            #expect(try FlagDocument(format: .unleash, flag: "sse", bytes: bytes).allocation() == allocation)
        }
    }

    @Test("names the variants as the policy does, and gives on and off their boolean values")
    func variantNames() throws {
        let allocation = StoredSamples.allocation(percent: 50, revision: 7)
        let variants = Variants(treatment: "sse", control: "polling")
        var document = FlagDocument(format: .flagd, flag: "sse", variants: variants, bytes: nil)
        let text = String(decoding: try document.showing(allocation), as: UTF8.self)
        #expect(text.contains(#""variants": {"sse": "sse", "polling": "polling"}"#))
        #expect(text.contains(#""defaultVariant": "polling""#))
        document.bytes = Array(text.utf8)
        #expect(try document.allocation() == allocation)
        document.variants = .onAndOff
        #expect(throws: DocumentFault.self) { try document.allocation() }
    }

    @Test("keeps every share of every algorithm in the form with the bucket in the context")
    func everyShare() throws {
        for algorithm in HashAlgorithm.allCases {
            for step in 0...algorithm.bucketCount where step % 97 == 0 || step + 3 > algorithm.bucketCount {
                let share = try #require(Percentage(buckets: step * algorithm.finestStep.buckets))
                let allocation = Allocation(
                    enabled: true,
                    percentage: share,
                    salt: "x",
                    algorithm: algorithm,
                    revision: 1
                )
                let bytes = try FlagDocument(format: .flagdBucket, flag: "sse", bytes: nil).showing(
                    allocation
                )
                let document = FlagDocument(format: .flagdBucket, flag: "sse", bytes: bytes)
                #expect(try document.allocation() == allocation)
                // Without the note, GrowthBook's last two shares are one: both treat everybody.
                let text = String(decoding: bytes, as: UTF8.self)
                    .replacing("\"rolloutPercentage\": \(share.number), ", with: "")
                let bare = try FlagDocument(format: .flagdBucket, flag: "sse", bytes: Array(text.utf8))
                    .allocation()
                #expect(
                    bare.map { algorithm.treatedBuckets(at: $0.exposure) }
                        == algorithm.treatedBuckets(at: share)
                )
            }
        }
    }
}
