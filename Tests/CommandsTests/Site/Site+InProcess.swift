import PolicyFiles
import Rollout
import StateStores
import Stepping
import Testing
import TidegateTestKit

@testable import Commands

/// What happens inside the test process, on the very store, flag file and metrics server that the program uses.
///
/// For tests of hundreds of rounds: a process a tick would take too long.
extension Site {
    /// Starts the rollout one interval ago, so that a tick is due now.
    func startedEarlier(atStep step: Int = 1) throws {
        let loaded = try PolicyFile.read(policyPath, environment: [:])
        let request = StartRequest(
            policy: loaded.policy,
            policyDigest: loaded.digest,
            request: Request(actor: "test"),
            fromStep: step - 1
        )
        let world = world(clockAhead: .zero - .seconds(60))
        _ = try Stepper(world: world).start(request, acceptingNoData: false)
        try close(world)
    }

    /// One tick, `ahead` of now.
    func tickInProcess(ahead: Span = .zero) throws -> TickReport {
        let digest = try PolicyFile.read(policyPath, environment: [:]).digest
        let world = world(clockAhead: ahead)
        let report = try Stepper(world: world).step(flag: "sse", policyDigest: digest)
        try close(world)
        return report
    }

    private func world(clockAhead: Span) -> World {
        var world = Wiring(environment: [:]).world(.sqlite(path: database))
        world.clock = ShiftedClock(ahead: clockAhead)
        return world
    }

    private func close(_ world: World) throws {
        try (world.store as? SQLiteStateStore)?.close()
    }
}

/// The wall clock of another moment.
private struct ShiftedClock: WallClock {
    var ahead: Span

    func now() -> Timestamp { SystemClock().now() + ahead }
    func sleep(_ span: Span) { SystemClock().sleep(span) }
}
