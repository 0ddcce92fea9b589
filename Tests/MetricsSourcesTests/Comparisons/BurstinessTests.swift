import Analysis
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("Burstiness, from what a real server recorded")
struct BurstinessTests {
    private static let seeds: [UInt64] = [1, 2, 3]
    private static let clusters = [1, 5]

    private static let services = seeds.flatMap { seed in
        clusters.map { cluster in
            RecordedService(name: "s\(seed)c\(cluster)", seed: seed, after: .zero, cluster: cluster)
        }
    }

    @Test("is near 1 where clients fail by themselves, and far above where they fail together")
    func measured() throws {
        try Self.services.prometheus().use { server in
            for service in Self.services {
                let rollout = ComparedRollout(service, on: server.url, bake: .hours(1))
                let report = try rollout.start()
                let test = try #require(report.state?.progress.checks.first?.comparison?.test)
                // 24 hours of 1,200 client-minutes a minute, 2 % of which fail.
                let history = test.history
                #expect((history.exposures - 1_728_000).magnitude < 7_000, "\(service.name)")
                #expect((history.failures - 34_560).magnitude < 2_500, "\(service.name)")
                let burstiness = test.dispersion.prior
                let expected = service.cluster == 1 ? 1...1.5 : 4.0...6
                #expect(expected.contains(burstiness), "\(service.name): \(burstiness)")
                let words = report.reasons.first { $0.code == "history" }?.text
                #expect(words?.contains("in 24h of history") == true, "\(report.reasons)")
            }
        }
    }

    @Test("is assumed where there is no history, and the report says why")
    func unavailable() throws {
        let service = RecordedService(name: "web", after: .minutes(5))
        try [service].prometheus().use { server in
            let rollout = ComparedRollout(service, on: server.url, bake: .hours(1), seriesLimit: 0)
            let report = try rollout.start()
            let words =
                "web: no history (1 series are above the limit of 0); a burstiness of 3 is assumed"
            #expect(report.reasons.map(\.text).contains(words), "\(report.reasons)")
            let test = report.state?.progress.checks.first?.comparison?.test
            #expect(test?.dispersion.prior == 3)
        }
    }
}
