import Assignment
import Rehearsal
import Rollout
import Stepping
import Synchronization
import Testing
import TidegateTestKit

/// A process stopped just before it writes, and continued when the world has gone on.
@Suite("A raise that was stopped")
struct StoppedRaiseTests {
    /// Stops a raise before its `write`-th publication, lets `meanwhile` happen, and continues it.
    private func stop(
        before write: Int,
        targets: Int,
        starting: Bool = false,
        reporting expected: Decision = .lostRace,
        meanwhile: @escaping @Sendable (Scene) throws -> Void
    ) throws -> Scene {
        let scene = starting ? Scene(.example(targets: targets)) : try .aboutToAdvance(targets: targets)
        let writes = Mutex(0)
        let failure = Mutex<(any Error)?>(nil)
        let plan = FaultPlan { _, name in
            guard name == "target.carryOut" else { return nil }
            let isHere = writes.withLock { writes in
                defer { writes += 1 }
                return writes == write
            }
            guard isHere else { return nil }
            do { try meanwhile(scene) } catch { failure.withLock { $0 = error } }
            return nil
        }
        if starting {
            // It finds the rollback it would have to leave, and says so.
            #expect(throws: SteppingError.self) { try scene.start(scene.stepper(failing: plan)) }
        } else {
            #expect(try scene.step(scene.stepper(failing: plan)).decision == expected)
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        #expect(writes.withLock { $0 } > write)
        return scene
    }

    @Test("exposes nobody after a rollback", arguments: [(0, 1), (0, 2), (1, 2)], [true, false])
    func rollback(place: (write: Int, targets: Int), starting: Bool) throws {
        let scene = try stop(before: place.write, targets: place.targets, starting: starting) { scene in
            _ = try scene.stepper().carryOut(.rollback(.ada), flag: "sse")
        }
        #expect(try scene.exposures().allSatisfy { $0 == .zero })
        #expect(try scene.tick().state?.phase.name == .rolledBack)
        #expect(try scene.exposures().allSatisfy { $0 == .zero })
    }

    @Test("exposes nobody after a rollback without the state", arguments: [(0, 1), (0, 2), (1, 2)])
    func disabled(place: (write: Int, targets: Int)) throws {
        let scene = try stop(before: place.write, targets: place.targets, reporting: .advanced) { scene in
            _ = scene.stepper().disable(scene.policy, despite: .unavailable("disk full", hint: nil))
        }
        #expect(try scene.exposures().allSatisfy { $0 == .zero })
        try scene.tick()
        #expect(try scene.exposures().allSatisfy { $0 == .zero })
        #expect(try scene.state()?.phase == .rolledBack(.byHand))
    }

    @Test("exposes nobody new after a pause", arguments: [(0, 1), (0, 2), (1, 2)])
    func pause(place: (write: Int, targets: Int)) throws {
        let scene = try stop(before: place.write, targets: place.targets) { scene in
            _ = try scene.stepper().carryOut(.pause(.ada), flag: "sse")
        }
        #expect(try scene.exposures().allSatisfy { $0 == .percent(10) })
        #expect(try scene.tick().state?.phase.name == .paused)
        #expect(try scene.exposures().allSatisfy { $0 == .percent(10) })
    }

    @Test("exposes nobody new after a person's hand", arguments: [0.0, 5.0])
    func hand(percent: Double) throws {
        let scene = try stop(before: 0, targets: 1, reporting: .advanced) { scene in
            scene.targets[0].edit(to: .showing(percent, revision: 1))
        }
        #expect(try scene.exposures() == [.percent(percent)])
        for _ in 0..<5 { try scene.tick() }
        #expect(try scene.exposures() == [.percent(percent)])
        #expect(try scene.state()?.phase == (percent == 0 ? .rolledBack(.byHand) : .paused(.byHand, step: 0)))
    }

    @Test("exposes nobody new after ticks that took it for dead")
    func withdrawn() throws {
        let scene = try stop(before: 0, targets: 1) { scene in
            scene.source.turn(.failing)
            try scene.tick()
        }
        #expect(try scene.exposures() == [.zero])
        #expect(try scene.tick().state?.phase.name == .rolledBack)
    }

    @Test("does no harm when others made the same raise meanwhile")
    func overtaken() throws {
        let scene = try stop(before: 0, targets: 1) { scene in
            try scene.step()
        }
        let before = try #require(try scene.state())
        try scene.tick()
        let after = try #require(try scene.state())
        #expect(try scene.exposures().allSatisfy { $0 <= .percent(50) })
        #expect(before.revision <= after.revision)
        #expect(after.intent == nil)
    }
}
