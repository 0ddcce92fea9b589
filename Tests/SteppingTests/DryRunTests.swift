import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("A plan")
struct DryRunTests {
    /// Plays made-up ticks; before each, the plan must foretell it and touch nothing.
    @Test("foretells the next tick and changes nothing", arguments: 1...40 as ClosedRange<UInt64>)
    func foretells(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let scene = Scene(.example(targets: Int.random(in: 1...2, using: &random)))
        try scene.start()
        for tick in 0..<40 {
            scene.meddle(using: &random)
            // Some ticks die on the way and leave something to settle.
            if Int.random(in: 0..<4, using: &random) == 0 {
                let plan = FaultPlan.death(at: .random(in: 3..<14, using: &random), .after)
                _ = try? scene.step(scene.stepper(failing: plan))
                scene.clock.move(by: .minutes(1))
            }
            let before = (
                try scene.state(), try scene.shown(), try scene.store.history(flag: "sse", limit: 9_999)
            )
            let world = scene.stepper().world.readOnly
            let plan = try world.plan(scene.policy, policyDigest: Policy.exampleDigest)
            #expect(try scene.state() == before.0)
            #expect(try scene.shown() == before.1)
            #expect(try scene.store.history(flag: "sse", limit: 9_999) == before.2)
            let report = try scene.step()
            let story: Comment = "seed \(seed) tick \(tick): \(plan.reasons) then \(report.reasons)"
            #expect(plan.decision == report.decision, story)
            #expect(plan.judgements.map(\.cause) == report.judgements.map(\.cause), story)
        }
    }

    @Test("of a rollout that is not started says what the checks see")
    func unstarted() throws {
        let scene = Scene()
        let report = try scene.stepper().world.readOnly.plan(scene.policy, policyDigest: "")
        #expect(report.decision == .notStarted)
        #expect(report.judgements.map(\.cause) == [.healthy, .healthy])
        #expect(try scene.state() == nil)
    }
}

extension Scene {
    /// Lets time pass, the weather change and people meddle, by chance.
    func meddle(using random: inout SeededGenerator) {
        clock.move(by: .seconds(.random(in: 20...150, using: &random)))
        switch Int.random(in: 0..<24, using: &random) {
        case 0: source.turn(.failing)
        case 1: source.turn(.always(.noData))
        case 2: source.turn(.always(.unreachable(message: "timeout")))
        case 3: source.setClock(ahead: .minutes(2))
        case 4: edit(using: &random) { $0.percentage = .percent($0.percentage.percent / 2) }
        case 5: edit(using: &random) { $0.percentage = .hundred }
        case 6: edit(using: &random) { $0.revision += 7 }
        case 7: targets.randomElement(using: &random)?.edit(to: nil)
        default:
            source.turn(.healthy)
            source.setClock(ahead: .zero)
        }
    }

    private func edit(using random: inout SeededGenerator, _ change: (inout Allocation) -> Void) {
        guard let target = targets.randomElement(using: &random), var shown = try? target.read() else {
            return
        }
        change(&shown)
        target.edit(to: shown)
    }
}
