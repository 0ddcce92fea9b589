import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("Invocations at the same moment")
struct RaceTests {
    @Test("take one step between them", arguments: [1, 2] as [UInt64])
    func twoSteps(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let moment = "seed \(seed), round \(round)"
            let site = try Site()
            try site.startedEarlier()
            let first = try site.command("step", ["--json"]).start()
            // Mostly neck and neck, sometimes a little apart.
            if round.isMultiple(of: 4) { usleep(UInt32.random(in: 0...30_000, using: &random)) }
            let second = try site.command("step", ["--json"]).start()
            let outcomes = try [first.outcome(), second.outcome()]
            #expect(outcomes.map(\.status) == [0, 0], "\(moment): \(outcomes)")
            let decisions = try outcomes.map { try $0.report().decision ?? "" }
            #expect(decisions.filter { $0 == "advanced" }.count == 1, "\(moment): \(decisions)")
            #expect(try site.exposure == 50, "\(moment)")
            try site.expectAgreement(moment)
            #expect(try site.history.filter { $0.entry.event == .advanced }.count == 1, "\(moment)")
        }
    }

    @Test("let a rollback win over a raise, for good", arguments: [1, 2] as [UInt64])
    func rollbackWins(seed: UInt64) throws {
        try race("rollback", seed: seed, rounds: 50) { site, lowering, moment in
            #expect(lowering.status == 10, "\(moment): \(lowering)")
            #expect(try site.published?.enabled == false, "\(moment)")
            let later = try site.tickInProcess(ahead: .seconds(90))
            #expect(later.decision == .finished, "\(moment): \(later.reasons)")
            #expect(try site.published?.enabled == false, "\(moment)")
            #expect(try site.published?.rollout?.percentage == 0, "\(moment)")
        }
    }

    @Test("let a pause win over a raise, for good", arguments: [1, 2] as [UInt64])
    func pauseWins(seed: UInt64) throws {
        try race("pause", seed: seed, rounds: 50) { site, lowering, moment in
            #expect(lowering.status == 0, "\(moment): \(lowering)")
            let exposure = try site.exposure
            #expect(exposure == 10 || exposure == 50, "\(moment)")
            let later = try site.tickInProcess(ahead: .seconds(90))
            #expect(later.decision == .held, "\(moment): \(later.reasons)")
            #expect(later.state?.phase.name == .paused, "\(moment)")
            #expect(try site.exposure == exposure, "\(moment)")
            try site.expectAgreement(moment)
        }
    }

    private func race(
        _ verb: String,
        seed: UInt64,
        rounds: Int,
        check: (Site, CommandOutcome, String) throws -> Void
    ) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<rounds {
            let moment = "seed \(seed), round \(round)"
            let site = try Site()
            try site.startedEarlier()
            let stepFirst = round % 4 != 0
            let delay = UInt32.random(in: 0...40_000, using: &random)
            let first = try site.command(stepFirst ? "step" : verb).start()
            usleep(stepFirst ? delay : delay / 4)
            let second = try site.command(stepFirst ? verb : "step").start()
            let step = try (stepFirst ? first : second).outcome()
            let lowering = try (stepFirst ? second : first).outcome()
            #expect(step.status == 0, "\(moment): \(step)\n\(lowering)")
            try check(site, lowering, moment)
        }
    }
}
