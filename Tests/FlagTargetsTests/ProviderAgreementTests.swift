import Assignment
import Rollout
import Testing
import TidegateTestKit

@testable import FlagTargets

@Suite("A published file")
struct ProviderAgreementTests {
    /// Clients of every sort: made up, numbered, odd, and without a key.
    private static let keys: [String?] =
        Array(SampleClients(count: 300)) + (0..<150).map { "user-\($0)" }
        + [
            "0", "false", "null", " ", "a", "a:b", "a.b", "quote\"s", "back\\slash", "tab\there", "straße",
            "é", "用户42", "😀",
        ]
        + [nil, ""]

    private static let variants = [
        Variants.onAndOff, Variants(treatment: "sse", control: "polling"),
        Variants(treatment: "off", control: "on"),
    ]

    /// One published file and what it was made from.
    private struct Case {
        var allocation: Allocation
        var flag: String
        var variants: Variants
        var format: FileFormat

        /// Writes the file, as a target does, beside a flag of somebody else.
        func published(in directory: TemporaryDirectory, as name: String) throws -> String {
            let path = directory.path("\(name).json")
            let document = FlagDocument(
                format: format,
                flag: flag,
                variants: variants,
                bytes: Array(neighbour.utf8)
            )
            try FileContents.write(try document.showing(allocation), to: path)
            return path
        }

        private var neighbour: String {
            format == .unleash
                ? #"{"version": 2, "features": [{"name": "old", "enabled": true, "strategies": []}]}"#
                : #"{"flags": {"old": {"state": "ENABLED", "variants": {"a": 1}, "defaultVariant": "a"}}}"#
        }

        /// The value a variant has for the application.
        func value(of variant: Variant) -> String {
            guard variants != .onAndOff, format != .unleash else { return "\(variant == .treatment)" }
            return variant == .treatment ? variants.treatment : variants.control
        }
    }

    private static func cases(_ format: FileFormat, _ algorithms: [HashAlgorithm]) throws -> [Case] {
        var cases: [Case] = []
        let flags = ["sse", "new-checkout", "a.b_c"]
        for algorithm in algorithms {
            for (index, percent) in [0, 0.001, 1, 10, 12.5, 50, 99, 99.999, 100].enumerated() {
                let share = try #require(Percentage(percent: percent))
                guard algorithm.expresses(share) else { continue }
                for (turn, salt) in [flags[index % 3], "pepper", "sält 'x'"].enumerated() {
                    let allocation = Allocation(
                        // Whoever looks at the share of a disabled flag finds nobody either.
                        enabled: !(index + turn).isMultiple(of: 5),
                        percentage: share,
                        salt: salt,
                        algorithm: algorithm,
                        revision: 7
                    )
                    let variants = variants[(index + turn) % 3]
                    cases.append(
                        Case(
                            allocation: allocation,
                            flag: flags[index % 3],
                            variants: variants,
                            format: format
                        )
                    )
                }
            }
        }
        return cases
    }

    /// Asks the provider about every client under every case, and compares with what an assigner says.
    private static func expectAgreement(_ cases: [Case], _ provider: FlagProvider, byBucket: Bool = false)
        throws
    {
        let directory = try TemporaryDirectory()
        var questions: [ProviderQuestion] = []
        var expected: [[Assigned]] = []
        for (index, example) in cases.enumerated() {
            let assigner = Assigner(example.allocation, flag: example.flag)
            expected.append(keys.map { assigner.assign($0) })
            var enabled = example.allocation
            enabled.enabled = true
            let bucketing = Assigner(enabled, flag: example.flag)
            questions.append(
                ProviderQuestion(
                    file: try example.published(in: directory, as: "\(index)"),
                    flag: example.flag,
                    codeDefault: example.value(of: .control),
                    contexts: keys.map { key in
                        ProviderContext(key: key, bucket: byBucket ? bucketing.assign(key).bucket : nil)
                    }
                )
            )
        }
        let answers = try provider.answers(to: questions)
        try #require(answers.count == cases.count)
        var treated = 0
        for (index, example) in cases.enumerated() {
            try #require(answers[index].count == keys.count)
            for (key, (answer, assigned)) in zip(keys, zip(answers[index], expected[index])) {
                #expect(
                    answer.value == example.value(of: assigned.variant),
                    "\(provider) \(example) \(key ?? "no key"): \(answer)"
                )
                treated += assigned.variant == .treatment ? 1 : 0
            }
        }
        #expect(treated > 1_000)
    }

    @Test(
        "gives every client of flagd's provider the variant that it is assigned",
        .enabled(if: FlagProvider.flagdV2.isInstalled && FlagProvider.flagdV3.isInstalled),
        arguments: [(FlagProvider.flagdV2, HashAlgorithm.flagdV2), (.flagdV3, .flagdV3)]
    )
    func flagd(provider: FlagProvider, algorithm: HashAlgorithm) throws {
        try Self.expectAgreement(try Self.cases(.flagd, [algorithm]), provider)
    }

    @Test(
        "gives every client of Unleash the variant that it is assigned",
        .enabled(if: FlagProvider.unleash.isInstalled)
    )
    func unleash() throws {
        try Self.expectAgreement(try Self.cases(.unleash, [.unleash]), .unleash)
    }

    @Test(
        "gives clients of both generations of flagd the variant of the bucket in their context",
        .enabled(if: FlagProvider.flagdV2.isInstalled && FlagProvider.flagdV3.isInstalled),
        arguments: [FlagProvider.flagdV2, .flagdV3]
    )
    func flagdBucket(provider: FlagProvider) throws {
        let cases = try Self.cases(.flagdBucket, HashAlgorithm.allCases)
        try Self.expectAgreement(cases, provider, byBucket: true)
    }

    @Test(
        "treats nobody whose bucket is not in the context",
        .enabled(if: FlagProvider.flagdV2.isInstalled && FlagProvider.flagdV3.isInstalled),
        arguments: [FlagProvider.flagdV2, .flagdV3]
    )
    func missingBucket(provider: FlagProvider) throws {
        let directory = try TemporaryDirectory()
        let cases = try Self.cases(.flagdBucket, HashAlgorithm.allCases)
        let questions = try cases.enumerated().map { index, example in
            ProviderQuestion(
                file: try example.published(in: directory, as: "\(index)"),
                flag: example.flag,
                codeDefault: example.value(of: .control),
                contexts: [ProviderContext(key: "user-1"), ProviderContext(key: nil)]
            )
        }
        for (example, answers) in zip(cases, try provider.answers(to: questions)) {
            #expect(answers.map(\.value) == [example.value(of: .control), example.value(of: .control)])
        }
    }

    @Test(
        "needs its guard: a bare salt would treat clients without a key",
        .enabled(if: FlagProvider.flagdV2.isInstalled && FlagProvider.flagdV3.isInstalled),
        arguments: [FlagProvider.flagdV2, .flagdV3]
    )
    func bareSalt(provider: FlagProvider) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("flags.json")
        let rule = #"{"fractional": [{"cat": ["pepper", {"var": "targetingKey"}]}, ["on", 1], ["off", 0]]}"#
        let flag = """
            {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": \(rule)}
            """
        try FileContents.write(Array("{\"flags\": {\"sse\": \(flag)}}".utf8), to: path)
        let question = ProviderQuestion(
            file: path,
            flag: "sse",
            codeDefault: "false",
            contexts: [ProviderContext(key: nil), ProviderContext(key: "")]
        )
        #expect(try provider.answers(to: [question]).first?.map(\.value) == ["true", "true"])
    }
}
