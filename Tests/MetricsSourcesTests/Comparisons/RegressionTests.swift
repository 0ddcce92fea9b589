import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("A treatment that does worse, seen through a real Prometheus")
struct RegressionTests {
    /// 2 % of client-minutes fail, of the treatment's five times as many; 10 % have it, 20 a second are counted.
    private static let failing = (1...5 as ClosedRange<UInt64>).map { seed in
        RecordedService(name: "failing\(seed)", seed: seed, after: .minutes(30), regression: 5)
    }

    @Test("is rolled back within six intervals")
    func rolledBack() throws {
        try Self.failing.prometheus().use { server in
            for service in Self.failing {
                let rollout = ComparedRollout(service, on: server.url, bake: .hours(1))
                try rollout.start()
                let report = try rollout.decision(within: 6).report
                #expect(report.decision == .rolledBack, "\(service.name): \(report.reasons)")
                #expect(rollout.exposure == .zero, "\(service.name)")
                let words = report.reasons.first { $0.code == "rollback-breach" }?.text ?? ""
                #expect(words.contains("\(service.name): treatment "), "\(words)")
                #expect(words.contains(" × control"), "\(words)")
            }
        }
    }

    /// 5 % of updates take longer than 250 ms, of the treatment's twice as many.
    private static let slow = (1...3 as ClosedRange<UInt64>).map { seed in
        RecordedService(
            name: "slow\(seed)",
            seed: seed,
            after: .hours(2),
            failing: 0.05,
            regression: [1: 2.0, 2: 1.75][seed] ?? 1.5,
            measure: .durations(le: "0.25")
        )
    }

    @Test("in how long it takes is rolled back")
    func slower() throws {
        try Self.slow.prometheus().use { server in
            for service in Self.slow {
                let rollout = ComparedRollout(service, on: server.url, bake: .hours(3))
                let start = try rollout.start()
                // History too is told from the histogram.
                #expect(start.reasons.contains { $0.code == "history" }, "\(start.reasons)")
                let report = try rollout.decision(within: 60).report
                #expect(report.decision == .rolledBack, "\(service.name): \(report.reasons)")
            }
        }
    }
}
