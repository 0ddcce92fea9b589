import Assignment
import Rollout
import Stepping
import Testing
import TidegateTestKit

@Suite("Two threads at once")
struct ThreadsTests {
    /// Runs both at the same time, as real threads do.
    private func race(_ scene: Scene, _ bodies: [Doing]) -> [Decision?] {
        let results = Results(count: bodies.count)
        Threads.run(
            bodies.enumerated().map { index, body in
                { results.set(body.run(in: scene, scene.stepper()), at: index) }
            }
        )
        return results.all
    }

    @Test("advance exactly once, 200 times")
    func advance() throws {
        let prepared = try Scene.aboutToAdvance(targets: 1)
        for _ in 0..<200 {
            let scene = try prepared.copied()
            let decisions = race(scene, [.stepping, .stepping])
            #expect(!decisions.contains(nil))
            #expect(decisions.filter { $0 == .advanced }.count <= 1)
            try scene.step()
            // Virtual patience is no patience: a raise in flight may have been withdrawn, but never made twice.
            #expect(try [[.percent(10)], [.percent(50)]].contains(scene.exposures()))
            #expect(try scene.state()?.intent == nil)
        }
    }

    @Test("let a rollback win, 200 times", arguments: [1, 2])
    func rollback(targets: Int) throws {
        let prepared = try Scene.aboutToAdvance(targets: targets)
        for _ in 0..<200 {
            let scene = try prepared.copied()
            _ = race(scene, [.stepping, .rollingBack, .stepping])
            #expect(try scene.exposures().allSatisfy { $0 == .zero })
            #expect(try scene.tick().state?.phase.name == .rolledBack)
            #expect(try scene.exposures().allSatisfy { $0 == .zero })
        }
    }

    @Test("let a pause win, 200 times", arguments: [1, 2])
    func pause(targets: Int) throws {
        let prepared = try Scene.aboutToAdvance(targets: targets)
        for _ in 0..<200 {
            let scene = try prepared.copied()
            _ = race(scene, [.stepping, .pausing, .stepping])
            try scene.step()
            #expect(try scene.state()?.phase.name == .paused)
            let exposures = try scene.exposures()
            for _ in 0..<4 { try scene.tick() }
            #expect(try scene.exposures() == exposures)
        }
    }
}
