import Assignment
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("Two processes, every call of one between every two calls of the other")
struct InterleavingTests {
    /// What came of one schedule.
    private struct Aftermath {
        var scene: Scene
        var decisions: [Decision?]
        var calls: Int
    }

    private func race(
        _ first: Doing,
        _ second: Doing,
        in prepared: Scene,
        changingAt changes: Set<Int>
    ) throws -> Aftermath {
        let scene = try prepared.copied()
        let turns = Turns(changingAt: changes)
        let decisions = Results(count: 2)
        func stepper(_ side: Turns.Side) -> Stepper {
            let clock = YieldingClock(base: scene.clock, turns: turns, side: side)
            return scene.stepper(failing: turns.plan(side), clock: clock)
        }
        let steppers = [stepper(.first), stepper(.second)]
        let calls = turns.run {
            decisions.set(first.run(in: scene, steppers[0]), at: 0)
        } _: {
            decisions.set(second.run(in: scene, steppers[1]), at: 1)
        }
        return Aftermath(scene: scene, decisions: decisions.all, calls: calls)
    }

    /// Plays every schedule with up to two changes of turn, and hands each aftermath over.
    private func everySchedule(
        _ first: Doing,
        _ second: Doing,
        targets: Int,
        _ inspect: (Aftermath, Comment) throws -> Void
    ) throws {
        let prepared = try Scene.aboutToAdvance(targets: targets)
        let longest = try race(first, second, in: prepared, changingAt: []).calls + 4
        for start in 0..<longest {
            for end in start..<longest {
                let aftermath = try race(first, second, in: prepared, changingAt: [start, end])
                try inspect(
                    aftermath,
                    "\(first) and \(second), \(targets) targets, changing at \(start), \(end)"
                )
            }
        }
    }

    @Test("two ticks advance exactly once", arguments: [1, 2])
    func oneAdvances(targets: Int) throws {
        try everySchedule(.stepping, .stepping, targets: targets) { (aftermath, story) throws in
            #expect(aftermath.decisions.filter { $0 == .advanced }.count == 1, story)
            #expect(!aftermath.decisions.contains(nil), story)
            #expect(try aftermath.scene.exposures().allSatisfy { $0 == .percent(50) }, story)
            let state = try aftermath.scene.state()
            #expect(state?.phase == .progressing(step: 1), story)
            #expect(state?.intent == nil, story)
        }
    }

    @Test("a rollback wins against a raise, and stays", arguments: [1, 2])
    func rollbackWins(targets: Int) throws {
        try everySchedule(.stepping, .rollingBack, targets: targets) { (aftermath, story) throws in
            #expect(aftermath.decisions[1] == .rolledBack, story)
            #expect(aftermath.decisions[0] != nil, story)
            #expect(try aftermath.scene.exposures().allSatisfy { $0 == .zero }, story)
            #expect(try aftermath.scene.tick().decision == .finished, story)
            #expect(try aftermath.scene.exposures().allSatisfy { $0 == .zero }, story)
        }
    }

    @Test("a pause wins against a raise: nothing is raised once it has reported", arguments: [1, 2])
    func pauseWins(targets: Int) throws {
        try everySchedule(.stepping, .pausing, targets: targets) { (aftermath, story) throws in
            #expect(aftermath.decisions[1] == .paused, story)
            let state = try aftermath.scene.state()
            #expect(state?.phase.name == .paused, story)
            // Before the raise or after it, never in the middle.
            let exposures = try aftermath.scene.exposures()
            #expect(Set(exposures).count == 1, story)
            #expect(exposures.first == state?.confirmed.exposure, story)
            for _ in 0..<4 { try aftermath.scene.tick() }
            #expect(try aftermath.scene.exposures() == exposures, story)
            #expect(try aftermath.scene.state()?.phase.name == .paused, story)
        }
    }

    @Test("a rollback wins against a pause", arguments: [1, 2])
    func rollbackBeatsPause(targets: Int) throws {
        try everySchedule(.pausing, .rollingBack, targets: targets) { (aftermath, story) throws in
            #expect(try aftermath.scene.exposures().allSatisfy { $0 == .zero }, story)
            #expect(try aftermath.scene.state()?.phase.name == .rolledBack, story)
        }
    }

    @Test("two rollbacks agree", arguments: [1, 2])
    func rollbacks(targets: Int) throws {
        try everySchedule(.rollingBack, .rollingBack, targets: targets) { (aftermath, story) throws in
            #expect(aftermath.decisions == [.rolledBack, .rolledBack], story)
            #expect(try aftermath.scene.exposures().allSatisfy { $0 == .zero }, story)
            #expect(try aftermath.scene.tick().state?.intent == nil, story)
        }
    }
}
