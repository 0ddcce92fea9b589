import Analysis
import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("A harmless treatment, seen through a real Prometheus")
struct HarmlessTests {
    @Test("is not rolled back in two days, looked at every minute")
    func twoDays() throws {
        let service = RecordedService(name: "web", seed: 7, after: .hours(49))
        try [service].prometheus().use { server in
            let rollout = ComparedRollout(service, on: server.url, bake: .hours(72))
            try rollout.start()
            let (report, judged) = try rollout.decision(within: 2_880)
            #expect(report.decision == .held, "seed \(service.seed): \(report.reasons)")
            #expect(judged == 2_880)
            // At the first of them nobody had the treatment yet.
            let step = report.state?.progress.checks.first?.comparison?.test.step
            #expect(step?.looks == 2_879)
            #expect(rollout.exposure == .percent(10))
        }
    }

    private static let steps = [
        (index: 0, treated: 0.1), (index: 1, treated: 0.5), (index: 2, treated: 0.95),
    ]
    private static let bake = Span.hours(1)

    /// Ten times as many failures of both variants, for ten minutes from shortly before the step could be passed.
    private static let incident = (from: bake - .minutes(3), length: Span.minutes(10), times: 10.0)

    private static func service(at step: (index: Int, treated: Double), isHit: Bool) -> RecordedService {
        RecordedService(
            name: "step\(step.index)\(isHit ? "hit" : "calm")",
            seed: UInt64(step.index + 1),
            after: .hours(3),
            treated: step.treated,
            incident: isHit ? incident : nil
        )
    }

    @Test("is neither rolled back nor promoted while an incident hits everybody")
    func incident() throws {
        let services = Self.steps.flatMap { step in
            [true, false].map { Self.service(at: step, isHit: $0) }
        }
        try services.prometheus().use { server in
            for step in Self.steps {
                func rollout(isHit: Bool) throws -> ComparedRollout {
                    let service = Self.service(at: step, isHit: isHit)
                    let rollout = ComparedRollout(service, on: server.url, bake: Self.bake)
                    try rollout.start(atStep: step.index)
                    return rollout
                }
                let passing = step.index == 2 ? Decision.completed : .advanced
                // Judged is what was scraped 15 seconds ago, and the bake begins when the flag was read.
                let calm = try rollout(isHit: false)
                #expect(try calm.decision(within: 62).report.decision == passing, "step \(step.index)")

                let hit = try rollout(isHit: true)
                let end = Timestamp.newYear + Self.incident.from + Self.incident.length
                var words: [String] = []
                while hit.clock.now() < end {
                    let report = try hit.tick()
                    try #require(report.decision == .held, "step \(step.index): \(report.reasons)")
                    words += report.reasons.map(\.text)
                }
                let why = "the control itself fails far more often than before"
                #expect(words.contains { $0.contains(why) }, "step \(step.index): \(words.suffix(9))")
                // What was shown meanwhile does not count; the rest has to be shown again.
                #expect(try hit.decision(within: 100).report.decision == passing, "step \(step.index)")
            }
        }
    }
}
