import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

/// One made-up rollout over hours of virtual time, with whatever may go wrong; everything follows from a seed.
struct Simulation {
    private var random: SeededGenerator
    private let seed: UInt64
    let scene: Scene
    private var weather = Weather.healthy
    private var seen = Seen()

    /// What must not be undone by any later tick.
    private struct Seen {
        var revisions: [Int]
        var stored = 0
        var latched = false
        /// The lowest exposure a person left behind, until somebody resumes.
        var lowered: Percentage?

        init() { revisions = [] }
    }

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        let targets = Int.random(in: 1...2, using: &random)
        scene = Scene(
            .example(
                steps: [(10, .minutes(2)), (50, .minutes(3)), (100, .zero)],
                checks: seed.isMultiple(of: 2) ? [.comparison, .latency] : [.ceiling, .latency],
                targets: targets
            )
        )
        seen.revisions = scene.targets.map { _ in 0 }
    }

    /// Plays until the rollout ends or `ticks` have passed.
    ///
    /// - Returns: How it ended.
    mutating func play(ticks: Int) throws -> PhaseName {
        _ = try? scene.start(process())
        for tick in 0..<ticks {
            meddle()
            let before = try scene.exposures()
            let reports = invoke()
            try check(before, reports, "seed \(seed), tick \(tick)")
        }
        // Left in peace it settles.
        scene.source.turn(.healthy)
        scene.source.setClock(ahead: .zero)
        for _ in 0..<3 { try scene.tick() }
        let state = try scene.state()
        #expect(state?.intent == nil, "seed \(seed): \(String(describing: state?.intent)) is left")
        return state?.phase.name ?? .ready
    }

    // MARK: What happens

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    /// A process that may die or fail at any call.
    private mutating func process() -> Stepper {
        guard chance(4) else { return scene.stepper() }
        let index = Int.random(in: 0..<16, using: &random)
        let moment: FaultPlan.Moment = chance(2) ? .before : .after
        let plan: FaultPlan =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: .once(at: index, moment)
            case 1: .always("store.save", moment: moment)
            case 2: .always("target.carryOut", moment: moment)
            default: .death(at: index, moment)
            }
        return scene.stepper(failing: plan)
    }

    private mutating func meddle() {
        scene.clock.move(by: .seconds(.random(in: 30...130, using: &random)))
        if chance(60) { scene.clock.move(by: .minutes(.random(in: -90...90, using: &random))) }
        if chance(6) { scene.source.turn(randomWeather()) } else { scene.source.turn(.healthy) }
        scene.source.setClock(ahead: chance(20) ? .seconds(.random(in: -90...90, using: &random)) : .zero)
        if chance(60) { editByHand() }
    }

    private mutating func randomWeather() -> Weather {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: .failing
        case 1: .healthy.except("latency", .failing)
        case 2: .always(.noData)
        case 3: .always(.noSignal)
        case 4: .always(.notFinite(text: "+Inf"))
        case 5: .always(.ambiguous(series: ["a", "b"]))
        case 6: .healthy.except("errors", .always(.partial(warnings: [])))
        case 7: .healthy.except("latency", .always(.unreachable(message: "timeout")))
        case 8: .always(.refused(.credentials, message: "401"))
        case 9: .healthy.except("errors", .counting(failures: 9, of: 30))
        case 10: .counting(failures: 9, of: 3)
        default: .always(.value(Reading(value: 0, newestSample: .newYear)))
        }
    }

    /// A person opens the file.
    private mutating func editByHand() {
        guard let target = scene.targets.randomElement(using: &random) else { return }
        guard var shown = try? target.read() else { return }
        let before = shown.exposure
        switch Int.random(in: 0..<6, using: &random) {
        case 0: shown.enabled = false
        case 1: shown.percentage = .percent((shown.percentage.percent / 2).rounded())
        case 2: shown.percentage = .hundred
        case 3: shown.revision += 3
        case 4: shown.salt = "other"
        default:
            target.edit(to: nil)
            return
        }
        target.edit(to: shown)
        if shown.exposure < before { seen.lowered = min(shown.exposure, seen.lowered ?? shown.exposure) }
    }

    /// One or two processes, one inside the other, or a person.
    private mutating func invoke() -> [TickReport] {
        let first = process()
        guard chance(12) else { return [try? scene.step(first)].compactMap { $0 } }
        if chance(3) { return [ask(first)].compactMap { $0 } }
        // The second process runs whole between two calls of the first.
        let second = process()
        let scene = scene
        let place = Int.random(in: 0..<12, using: &random)
        let inner = Reports()
        let plan = FaultPlan { index, _ in
            if index == place, let report = try? scene.step(second) { inner.append(report) }
            return nil
        }
        let outer = try? scene.step(scene.stepper(failing: plan))
        return inner.all + [outer].compactMap { $0 }
    }

    private mutating func ask(_ stepper: Stepper) -> TickReport? {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return try? stepper.carryOut(.rollback(.ada), flag: "sse")
        case 1, 2: return try? stepper.carryOut(.pause(.ada), flag: "sse")
        case 3: return try? stepper.carryOut(.promote(.ada), flag: "sse")
        default:
            let answer: DriftAnswer? = [nil, .accept, .reassert].randomElement(using: &random) ?? nil
            let report = try? stepper.carryOut(.resume(.ada, answering: answer), flag: "sse")
            if report?.decision == .resumed { seen.lowered = nil }
            return report
        }
    }

    // MARK: What must hold

    private mutating func check(_ before: [Percentage], _ reports: [TickReport], _ story: String) throws {
        let after = try scene.exposures()
        let steps = [.zero] + scene.policy.steps.map(scene.policy.exposure) + [scene.policy.finalExposure]
        for (old, new) in zip(before, after) where new > old {
            let raising = reports.filter { [.advanced, .completed].contains($0.decision) }
            #expect(!raising.isEmpty, "\(story): \(old) → \(new) by \(reports.map(\.decision))")
            #expect(raising.filter(\.problems.isEmpty).count <= 1, "\(story): raised twice")
            let isHealthy = raising.allSatisfy { report in
                report.judgements.count == 2 && report.judgements.allSatisfy { $0.cause == .healthy }
            }
            #expect(isHealthy, "\(story): raised on \(raising.flatMap(\.judgements).map(\.cause))")
            #expect(new == steps.first { $0 > old }, "\(story): \(old) → \(new) skips a step")
            if let lowered = seen.lowered {
                #expect(new <= lowered, "\(story): a person had lowered it to \(lowered)")
            }
        }
        for (index, shown) in try scene.shown().enumerated() {
            // A person may take the document away or set its revision back; nobody else does.
            guard let shown else {
                seen.revisions[index] = 0
                continue
            }
            #expect(shown.revision >= seen.revisions[index], "\(story): the document went back")
            seen.revisions[index] = shown.revision
        }
        guard let state = try scene.state() else { return }
        #expect(state.revision >= seen.stored, "\(story): the state's revision went back")
        seen.stored = state.revision
        if seen.latched { #expect(state.phase.name == .rolledBack, "\(story): left its latch") }
        if state.phase.name == .rolledBack { seen.latched = true }
        if state.phase.name == .rolledBack, state.intent == nil {
            #expect(state.confirmed.exposure == .zero, "\(story)")
        }
    }
}
