import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("An invocation that dies at any call")
struct InterruptionTests {
    /// What an invocation was about to do.
    enum Doing: CaseIterable, Sendable {
        case starting, advancing, completing, holding, breaching, pausing, rollingBack, resuming, withdrawing

        /// A world just before it.
        func prepared(targets: Int) throws -> Scene {
            let scene = Scene(.example(targets: targets))
            guard self != .starting else { return scene }
            try scene.start()
            if self == .completing {
                while try scene.exposures().first != .hundred { try scene.tick() }
                for _ in 0..<2 { try scene.tick() }
            } else {
                for _ in 0..<(self == .holding ? 1 : 2) { try scene.tick() }
            }
            switch self {
            case .breaching: scene.source.turn(.failing)
            case .resuming: _ = try scene.stepper().carryOut(.pause(.ada), flag: "sse")
            case .withdrawing:
                scene.clock.move(by: .minutes(1))
                // Dies with the raise saved and not published.
                let calls = try scene.copied().callsOfStep()
                let save = (calls.firstIndex(of: "store.save") ?? 0) + 1
                _ = try? scene.step(scene.stepper(failing: .death(at: save)))
            default: break
            }
            scene.clock.move(by: .minutes(1))
            return scene
        }

        func run(in scene: Scene, failing plan: FaultPlan) throws {
            let stepper = scene.stepper(failing: plan)
            switch self {
            case .starting: try scene.start(stepper)
            case .pausing: _ = try stepper.carryOut(.pause(.ada), flag: "sse")
            case .rollingBack: _ = try stepper.carryOut(.rollback(.ada), flag: "sse")
            case .resuming: _ = try stepper.carryOut(.resume(.ada, answering: nil), flag: "sse")
            case .advancing, .completing, .holding, .breaching, .withdrawing: try scene.step(stepper)
            }
        }

        /// The most that may be exposed by the invocation, by the evidence there was.
        var ceiling: Percentage {
            switch self {
            case .starting, .holding, .pausing, .resuming, .breaching, .rollingBack: .percent(10)
            case .advancing, .withdrawing: .percent(50)
            case .completing: .hundred
            }
        }

        /// The most that may be exposed by a healthy tick that follows at once.
        var ceilingOfNext: Percentage {
            switch self {
            case .starting, .holding, .resuming: .percent(10)
            case .advancing, .withdrawing, .pausing, .breaching, .rollingBack: .percent(50)
            case .completing: .hundred
            }
        }
    }

    /// Runs `doing` with every call failing in every way, and hands each aftermath over.
    private func interrupt(
        _ doing: Doing,
        targets: Int,
        _ inspect: (_ scene: Scene, _ before: RolloutState?, _ story: Comment) throws -> Void
    ) throws {
        let prepared = try doing.prepared(targets: targets)
        let rehearsal = FaultPlan.none
        try doing.run(in: prepared.copied(), failing: rehearsal)
        let calls = rehearsal.calls
        try #require(calls.count > 2)
        var choices = Choices()
        while choices.next() {
            let index = choices.pick(below: calls.count)
            let moment = choices.pick([FaultPlan.Moment.before, .after])
            let dies = choices.pick([true, false])
            let scene = try prepared.copied()
            if doing == .breaching { scene.source.turn(.failing) }
            let before = try scene.state()
            let plan: FaultPlan = dies ? .death(at: index, moment) : .once(at: index, moment)
            try? doing.run(in: scene, failing: plan)
            let story: Comment =
                "\(doing) \(dies ? "died" : "failed") \(moment) call \(index), \(calls[index])"
            try inspect(scene, before, story)
        }
    }

    @Test("is finished or withdrawn by the next tick", arguments: Doing.allCases, [1, 2])
    func settled(doing: Doing, targets: Int) throws {
        try interrupt(doing, targets: targets) { scene, before, story in
            for exposure in try scene.exposures() { #expect(exposure <= doing.ceiling, story) }
            let wasStamped = try scene.shown().contains { ($0?.revision ?? 0) > 1 }
            let wasPaused = try scene.state()?.phase.name == .paused
            scene.source.turn(.healthy)
            let report = try scene.step()
            if doing == .pausing, wasStamped, !wasPaused {
                // A pause that only reached the targets: nobody's revision, held for a person.
                #expect(report.reasons.first?.code == "drift-foreign-revision", story)
                #expect(try scene.exposures().allSatisfy { $0 == .percent(10) }, story)
                return
            }
            guard let state = try scene.state() else {
                #expect(doing == .starting, story)
                #expect(try scene.shown() == scene.targets.map { _ in nil }, story)
                return
            }
            // State and targets agree, and nothing is left to settle.
            #expect(state.intent == nil, story)
            for shown in try scene.shown() {
                #expect((shown?.exposure ?? .zero) == state.confirmed.exposure, story)
                #expect((shown?.revision ?? 0) <= state.revision, story)
            }
            #expect(state.drift(state.untouched) == nil, story)
            // No step was skipped, and no revision went back.
            #expect(state.confirmed.exposure <= doing.ceilingOfNext, story)
            #expect(state.revision >= before?.revision ?? 0, story)
            if doing == .rollingBack || doing == .breaching {
                // Whatever was saved or shown of a rollback stands.
                let lowered = try scene.exposures().contains(.zero)
                if lowered { #expect(state.phase.name == .rolledBack, story) }
            }
        }
    }

    @Test(
        "loses no rollback that was saved or shown anywhere",
        arguments: [Doing.rollingBack, .breaching],
        [1, 2]
    )
    func rollbackStays(doing: Doing, targets: Int) throws {
        try interrupt(doing, targets: targets) { scene, _, story in
            let isSaved = try scene.state()?.phase.name == .rolledBack
            let isShown = try scene.exposures().contains(.zero)
            scene.source.turn(.healthy)
            try scene.step()
            guard isSaved || isShown else { return }
            #expect(try scene.state()?.phase.name == .rolledBack, story)
            #expect(try scene.exposures().allSatisfy { $0 == .zero }, story)
        }
    }

    @Test("lowers although nothing can be saved", arguments: [Doing.rollingBack, .breaching], [1, 2])
    func unsavable(doing: Doing, targets: Int) throws {
        let scene = try doing.prepared(targets: targets)
        try doing.run(in: scene, failing: .always("store.save"))
        #expect(try scene.exposures().allSatisfy { $0 == .zero })
        scene.source.turn(.healthy)
        try scene.step()
        #expect(try scene.state()?.phase == .rolledBack(.byHand))
        #expect(try scene.exposures().allSatisfy { $0 == .zero })
    }

    @Test(
        "raises nothing that could not be saved",
        arguments: [Doing.starting, .advancing, .withdrawing],
        [1, 2]
    )
    func unsavableRaise(doing: Doing, targets: Int) throws {
        let scene = try doing.prepared(targets: targets)
        let before = try scene.exposures()
        #expect(throws: SteppingError.self) { try doing.run(in: scene, failing: .always("store.save")) }
        #expect(try scene.exposures() == before)
    }

    @Test(
        "goes on by itself once it is left in peace, one step after the other",
        arguments: Doing.allCases,
        [1, 2]
    )
    func goesOn(doing: Doing, targets: Int) throws {
        guard ![Doing.pausing, .resuming].contains(doing) else { return }
        try interrupt(doing, targets: targets) { scene, _, story in
            scene.source.turn(.healthy)
            var reached = try scene.exposures().max() ?? .zero
            for _ in 0..<12 {
                try scene.tick()
                let now = try scene.exposures()
                #expect(Set(now).count == 1, story)
                let steps = [Percentage.zero, .percent(10), .percent(50), .hundred]
                let place = steps.firstIndex(of: reached) ?? 0
                let next = steps.firstIndex(of: now.first ?? .zero) ?? 0
                #expect(next <= place + 1, story)
                reached = now.first ?? .zero
            }
            guard let state = try scene.state(), state.phase.name != .ready else { return }
            #expect([.completed, .rolledBack].contains(state.phase.name), story)
        }
    }
}

extension Scene {
    /// The calls of one tick now, in order.
    fileprivate func callsOfStep() throws -> [String] {
        let plan = FaultPlan.none
        try step(stepper(failing: plan))
        return plan.calls
    }
}
