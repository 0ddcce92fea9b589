import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("A rollout published for OpenFeature")
struct ProviderRolloutTests {
    private static let clients = Array(SampleClients(count: 400))

    @Test(
        "reaches the clients of flagd's real provider step by step, and leaves them when it rolls back",
        .enabled(if: FlagProvider.flagdV2.isInstalled && FlagProvider.flagdV3.isInstalled),
        arguments: [(FlagProvider.flagdV2, HashAlgorithm.flagdV2), (.flagdV3, .flagdV3)]
    )
    func steps(provider: FlagProvider, algorithm: HashAlgorithm) throws {
        let site = try Site { policy in
            policy.fileKeys = "format: flagd, settle: 0s"
            policy.more = "algorithm: \(algorithm.rawValue)\nsalt: pepper"
        }
        let theirs = #"{"flags": {"old": {"state": "ENABLED", "variants": {"a": 1}, "defaultVariant": "a"}}}"#
        try FileContents.write(Array(theirs.utf8), to: site.flagFile)

        try site.start()
        var cohort = try expectCohort(of: 10, in: site, provider, algorithm)
        for percent in [50.0, 100] {
            #expect(try site.tick().decision == "advanced")
            let larger = try expectCohort(of: percent, in: site, provider, algorithm)
            #expect(cohort.isStrictSubset(of: larger))
            cohort = larger
        }
        #expect(try site.run("rollback", "--reason", "trying it out").status == 10)
        #expect(try expectCohort(of: 0, in: site, provider, algorithm).isEmpty)
        #expect(
            try FileContents.text(site.flagFile).contains(
                #""old": {"state": "ENABLED", "variants": {"a": 1}"#
            )
        )
        let status = try site.report("status")
        #expect(status.phase == "rolledBack")
        #expect(status.problems == nil || status.problems == [])
    }

    /// Asks the provider about every client, and expects what an assigner says at a share.
    private func expectCohort(
        of percent: Double,
        in site: Site,
        _ provider: FlagProvider,
        _ algorithm: HashAlgorithm
    ) throws -> Set<String> {
        let share = try #require(Percentage(percent: percent))
        let allocation = Allocation(
            enabled: percent > 0,
            percentage: share,
            salt: "pepper",
            algorithm: algorithm,
            revision: 1
        )
        let assigner = Assigner(allocation, flag: "sse")
        let question = ProviderQuestion(
            file: site.flagFile,
            flag: "sse",
            codeDefault: "polling",
            contexts: Self.clients.map { ProviderContext(key: $0) }
        )
        let answers = try #require(try provider.answers(to: [question]).first)
        let treated = zip(Self.clients, answers).filter { $1.value == "sse" }.map(\.0)
        #expect(treated == Self.clients.filter { assigner.assign($0).variant == .treatment }, "at \(share)")
        return Set(treated)
    }
}
