import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("A step killed at any moment")
struct KilledStepTests {
    /// What 50 kills came to.
    private struct Tally {
        var killed = 0
        /// Dead before the flag file was written, with the order already saved.
        var withdrawn = 0
        /// Dead after the flag file was written.
        var found = 0
    }

    @Test("is settled by the next one, and no step is skipped", arguments: [1, 2, 3, 4] as [UInt64])
    func settles(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let length = try lengthOfAStep()
        var tally = Tally()
        for round in 0..<50 {
            let moment = "seed \(seed), round \(round)"
            let site = try Site()
            let step = Int.random(in: 1...2, using: &random)
            try site.startedEarlier(atStep: step)
            let (before, after): (Double, Double) = step == 1 ? (10, 50) : (50, 100)

            let process = try site.command("step").start()
            if round.isMultiple(of: 2) {
                usleep(UInt32.random(in: 0...length, using: &random))
            } else {
                // Most of a step is reading. From here on it writes.
                waitForWrites(site)
                usleep(UInt32.random(in: 0...8_000, using: &random))
            }
            process.send(SIGKILL)
            if case .killed = try process.outcome().end { tally.killed += 1 }
            let left = try site.exposure
            #expect(left == before || left == after, "\(moment): \(left) after the kill")
            let state = try site.state
            if state.intent != nil { left == before ? (tally.withdrawn += 1) : (tally.found += 1) }

            let next = try site.run("step")
            #expect(next.status == 0, "\(moment): \(next)")
            // A raise that reached the file stands and counts; one that did not is decided anew.
            #expect(try site.exposure == after, "\(moment): \(next)")
            try site.expectAgreement(moment)
            #expect(try site.state.phase.step == step, "\(moment)")

            // What was seen before the raise says nothing about the exposure after it.
            let third = try site.tickInProcess()
            #expect(third.decision == .nothingNew, "\(moment): \(third.reasons)")
            #expect(try site.exposure == after, "\(moment)")
            let raises = try site.history.filter { $0.entry.event == .advanced }.count
            let withdrawals = try site.history.filter { $0.entry.event == .withdrawn }.count
            #expect(raises - withdrawals == 1, "\(moment)")
        }
        // Otherwise the kills missed the step.
        #expect(tally.killed >= 20, "seed \(seed): \(tally)")
        #expect(tally.withdrawn + tally.found > 0, "seed \(seed): \(tally)")
    }

    /// Until the database has something new, or the step has passed that already.
    private func waitForWrites(_ site: Site) {
        let deadline = ContinuousClock.now + .seconds(2)
        var status = stat()
        while stat("\(site.database)-wal", &status) != 0 || status.st_size == 0 {
            guard ContinuousClock.now < deadline else { return }
            usleep(100)
        }
    }

    /// In microseconds, by the fastest of a few.
    private func lengthOfAStep() throws -> UInt32 {
        var shortest = Duration.seconds(10)
        for _ in 0..<3 {
            let site = try Site()
            try site.startedEarlier()
            let start = ContinuousClock.now
            try #require(site.run("step").status == 0)
            shortest = min(shortest, ContinuousClock.now - start)
        }
        return UInt32(shortest / .microseconds(1))
    }
}
