import Rollout
import Stepping
import Synchronization
import Testing
import TidegateTestKit

@Suite("Made-up rollouts with everything going wrong")
struct SimulationTests {
    @Test("keep every promise", arguments: 0..<20 as Range<UInt64>)
    func promises(batch: UInt64) throws {
        var ends: [PhaseName: Int] = [:]
        for seed in batch * 100..<(batch + 1) * 100 {
            var simulation = Simulation(seed: seed)
            // Some go on for half a day, so that deadlines and forgotten pauses are met too.
            ends[try simulation.play(ticks: seed.isMultiple(of: 10) ? 400 : 60), default: 0] += 1
        }
        // A simulation in which nothing ever works, or nothing ever fails, would prove nothing.
        #expect(ends[.completed, default: 0] > 0, "\(ends)")
        #expect(ends[.rolledBack, default: 0] > 0, "\(ends)")
    }
}

/// Reports of a process that ran inside another.
final class Reports: Sendable {
    private let reports = Mutex<[TickReport]>([])

    var all: [TickReport] { reports.withLock { $0 } }

    func append(_ report: TickReport) {
        reports.withLock { $0.append(report) }
    }
}
