import Rehearsal
import Rollout
import Stepping
import Synchronization
import TidegateTestKit

/// A clock on which sleeping means letting the other process go on.
struct YieldingClock: WallClock {
    var base: VirtualClock
    var turns: Turns
    var side: Turns.Side

    func now() -> Timestamp { base.now() }

    func sleep(_ span: Span) {
        base.sleep(span)
        turns.turn(of: side, yielding: true)
    }
}

/// What one of two processes does.
enum Doing: CaseIterable, Sendable {
    case stepping, breaching, pausing, rollingBack

    /// Whether it lets a raise by somebody else stand.
    var lowers: Bool { self != .stepping }

    func run(in scene: Scene, _ stepper: Stepper) -> Decision? {
        do throws(SteppingError) {
            switch self {
            case .stepping, .breaching:
                return try stepper.step(flag: "sse", policyDigest: Policy.exampleDigest).decision
            case .pausing: return try stepper.carryOut(.pause(.ada), flag: "sse").decision
            case .rollingBack: return try stepper.carryOut(.rollback(.ada), flag: "sse").decision
            }
        } catch {
            return nil
        }
    }
}

extension Scene {
    /// A rollout at 10 % that the next healthy tick raises to 50 %.
    static func aboutToAdvance(targets: Int) throws -> Scene {
        let scene = Scene(.example(targets: targets))
        try scene.start()
        for _ in 0..<2 { try scene.tick() }
        scene.clock.move(by: .minutes(1))
        return scene
    }
}

/// What several threads came to.
final class Results: Sendable {
    private let results: Mutex<[Decision?]>

    init(count: Int) {
        results = Mutex(Array(repeating: nil, count: count))
    }

    var all: [Decision?] { results.withLock { $0 } }

    func set(_ result: Decision?, at index: Int) {
        results.withLock { $0[index] = result }
    }
}
