import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

/// What the migration script this program replaces got wrong.
@Suite("What the script got wrong")
struct SeedScriptTests {
    private func baked(_ policy: Policy = .example()) throws -> Scene {
        let scene = Scene(policy)
        try scene.start()
        for _ in 0..<2 { try scene.tick() }
        return scene
    }

    @Test(
        "missing data passes",
        arguments: [
            Outcome.noData, .noSignal, .notFinite(text: "NaN"), .unreachable(message: "timeout"),
            .refused(.malformed, message: "HTML"), .partial(warnings: ["remote read"]),
        ]
    )
    func missingData(outcome: Outcome) throws {
        let scene = try baked()
        scene.source.turn(.always(outcome))
        for _ in 0..<20 { try scene.tick() }
        #expect(try scene.exposures() == [.percent(10)])
    }

    @Test("an error rate is taken for a ratio: failures are divided by what could have failed")
    func ratio() throws {
        // Half a failure a second is 0.4 % here, and 5 % there.
        let busy = try baked()
        busy.source.turn(.counting(failures: 30, of: 7_500))
        #expect(try busy.tick().decision == .advanced)
        let quiet = try baked()
        quiet.source.turn(.counting(failures: 30, of: 600))
        #expect(try quiet.tick().decision == .rolledBack)
    }

    @Test("only the first series is read: several where one is asked are no answer")
    func firstSeries() throws {
        let scene = try baked()
        scene.source.turn(
            .healthy.except("latency", .always(.ambiguous(series: ["{a=\"1\"}", "{a=\"2\"}"])))
        )
        #expect(try scene.tick().decision == .held)
        #expect(try scene.exposures() == [.percent(10)])
    }

    @Test("a rollback leaves the percentage behind")
    func percentageLeft() throws {
        let scene = try baked()
        scene.source.turn(.failing)
        try scene.tick()
        let shown = try #require(try scene.shown()[0])
        #expect(!shown.enabled)
        #expect(shown.percentage == .zero)
    }

    @Test("the state is lost with the process: any process goes on where the last one stood")
    func stateLost() throws {
        let scene = try baked()
        #expect(try scene.step(scene.stepper()).decision == .nothingNew)
        scene.clock.move(by: .minutes(1))
        #expect(try scene.step(scene.stepper()).decision == .advanced)
        #expect(throws: SteppingError.self) { try scene.start() }
    }

    @Test("two runs at once both act: the second one finds nothing to do")
    func twoRuns() throws {
        let scene = try baked()
        scene.clock.move(by: .minutes(1))
        #expect(try scene.step().decision == .advanced)
        #expect(try scene.step().decision == .nothingNew)
        #expect(try scene.exposures() == [.percent(50)])
    }

    @Test("a window older than the step judges yesterday: it is not asked before it lies within the step")
    func oldWindow() throws {
        let policy = Policy.example(checks: [.query("rate(failures[5m])")])
        let scene = Scene(policy)
        try scene.start()
        let asked = scene.source.asked.count
        // Failures from before the start, which a window of five minutes would still see.
        scene.source.turn(.failing)
        for _ in 0..<5 { #expect(try scene.tick().decision == .held) }
        #expect(scene.source.asked.count == asked)
        scene.source.turn(.healthy)
        #expect(try scene.tick().decision == .held)
        #expect(scene.source.asked.count == asked + 1)
        #expect(try scene.tick().decision == .advanced)
    }

    @Test("a last look follows no last step: 100 % is judged before it is complete")
    func lastStepJudged() throws {
        let scene = Scene()
        try scene.start()
        while try scene.exposures() != [.hundred] { try scene.tick() }
        #expect(try scene.state()?.phase == .progressing(step: 2))
        scene.source.turn(.failing)
        #expect(try scene.tick().decision == .rolledBack)
    }
}
