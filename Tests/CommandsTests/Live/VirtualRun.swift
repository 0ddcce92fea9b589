import PolicyFiles
import Rehearsal
import Rollout
import Stepping
import TidegateTestKit

@testable import Commands

/// A run in a world in memory, where time passes only because the run sleeps.
final class VirtualRun {
    let scene: Scene
    private(set) var moments: [RunMoment] = []
    /// How often the store was written by the end of each look.
    private(set) var savings: [Int64] = []
    var exitsWhenWaiting = false
    var stepper: () throws -> Stepper
    var fault: Failure?
    var digest = Policy.exampleDigest
    private var plans: [(after: Span, action: () throws -> Void)] = []
    private var failures: [any Error] = []
    private var stopAfter: Span?

    /// How long a run may take in its own time before it counts as stuck.
    private static let patience = Span.hours(12)

    init(_ policy: Policy = .example()) {
        let scene = Scene(policy)
        self.scene = scene
        stepper = { scene.stepper() }
    }

    /// Does something once so much time has passed.
    func after(_ span: Span, _ action: @escaping () throws -> Void) {
        plans.append((span, action))
    }

    /// Says stop once so much time has passed.
    func stop(after span: Span) { stopAfter = span }

    @discardableResult
    func run() throws -> RunEnding {
        let began = scene.clock.now()
        var run = ForegroundRun(
            clock: scene.clock,
            tick: { self.look(began) },
            isStopped: { self.scene.clock.now() - began >= self.stopAfter ?? Self.patience },
            display: Recorder { self.record($0) },
            exitsWhenWaiting: exitsWhenWaiting,
            journal: RunJournal(subject: "sse.yaml")
        )
        let ending = run.run()
        if let failure = failures.first { throw failure }
        return ending
    }

    private func look(_ began: Timestamp) -> RunLook {
        let now = scene.clock.now()
        while let plan = plans.first, now - began >= plan.after {
            plans.removeFirst()
            do { try plan.action() } catch { failures.append(error) }
        }
        let result: Result<TickReport, SteppingError>
        do throws(SteppingError) {
            let digest = fault == nil ? digest : "unusable"
            let made: Stepper
            do { made = try stepper() } catch { throw .lostRaces(0) }
            result = .success(try made.step(flag: scene.policy.flag, policyDigest: digest))
        } catch {
            result = .failure(error)
        }
        return RunLook(at: now, flag: scene.policy.flag, policy: scene.policy, fault: fault, result: result)
    }

    private func record(_ moment: RunMoment) {
        moments.append(moment)
        savings.append((try? scene.store.load(flag: scene.policy.flag))??.version.number ?? 0)
    }

    // MARK: What was shown

    var lines: [RunLine] { moments.flatMap(\.lines) }

    var judged: [String] { lines.compactMap { if case .judged(let text) = $0 { text } else { nil } } }
    var events: [String] { lines.compactMap { if case .event(let text, _) = $0 { text } else { nil } } }
    var notices: [String] {
        lines.flatMap { if case .notice(let lines) = $0 { lines } else { [] as [String] } }
    }

    /// How long the run took, in its own time.
    var length: Span { (moments.last?.at ?? .newYear) - .newYear }
}

/// Hands every moment on.
private struct Recorder: RunDisplay {
    var record: (RunMoment) -> Void

    func show(_ moment: RunMoment) { record(moment) }
}
