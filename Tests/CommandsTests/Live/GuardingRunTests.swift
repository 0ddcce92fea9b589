import Assignment
import Rehearsal
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import Commands

@Suite("A run that cannot go on by itself")
struct GuardingRunTests {
    /// What only a person can settle.
    enum Hindrance: String, CaseIterable {
        case paused, drift, changedPolicy, brokenPolicy

        func befall(_ run: VirtualRun) throws {
            switch self {
            case .paused: _ = try run.scene.stepper().carryOut(.pause(.ada), flag: "sse")
            case .drift: run.scene.targets[0].edit(to: .showing(80, revision: 1))
            case .changedPolicy: run.digest = "sha256:other"
            case .brokenPolicy:
                run.fault = Failure(message: "no such file", hint: "put it back", status: .badPolicy)
            }
        }

        /// The command that a person is told.
        var command: String {
            switch self {
            case .paused: "'tidegate resume sse.yaml'"
            case .drift: "'tidegate resume sse.yaml --accept-drift, or --reassert'"
            case .changedPolicy: "'tidegate accept-policy sse.yaml'"
            case .brokenPolicy: "hint: put it back"
            }
        }
    }

    @Test("says so once, guards on, and still rolls back on a breach", arguments: Hindrance.allCases)
    func guards(hindrance: Hindrance) throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.seconds(10)) { try hindrance.befall(run) }
        run.after(.minutes(20)) { run.scene.source.turn(.failing) }
        #expect(try run.run() == .rolledBack)
        #expect(run.length > .minutes(20) && run.length < .minutes(22))
        #expect(try run.scene.exposures() == [.zero])
        let told = (run.events + run.notices).filter { $0.contains(hindrance.command) }
        #expect(told.count == 1, "\(run.lines)")
        #expect(run.judged.count >= 15, "judging goes on")
        #expect(!run.events.contains { $0.hasPrefix("advanced") })
    }

    @Test("ends with 11 where nobody is to wait", arguments: Hindrance.allCases)
    func waits(hindrance: Hindrance) throws {
        let run = VirtualRun()
        run.exitsWhenWaiting = true
        try run.scene.start()
        run.after(.seconds(10)) { try hindrance.befall(run) }
        let ending = try run.run()
        #expect(ending == .waits)
        #expect(ending.status == .waitsForPerson)
        #expect(run.length <= .seconds(11))
        #expect(run.moments.last?.view?.exitStatus == 11)
    }

    @Test("goes on when the person did what was needed")
    func resumes() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.seconds(10)) { _ = try run.scene.stepper().carryOut(.pause(.ada), flag: "sse") }
        run.after(.minutes(30)) {
            _ = try run.scene.stepper().carryOut(.resume(.ada, answering: nil), flag: "sse")
        }
        #expect(try run.run() == .completed)
        #expect(run.events.contains("sse stands at 10 %, step 1 of 3"), "\(run.events)")
    }

    @Test("reminds every hour of what lasts")
    func reminds() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.seconds(10)) { try Hindrance.drift.befall(run) }
        run.stop(after: .hours(2) + .minutes(30))
        try run.run()
        #expect(run.notices.filter { $0.contains("--reassert") }.count == 3, "\(run.notices)")
    }
}

@Suite("Trouble in a run")
struct TroubledRunTests {
    @Test("with the store is told once, tried again, and over when it is over")
    func store() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.seconds(10)) {
            run.stepper = { run.scene.stepper(failing: .always("store.load")) }
        }
        run.after(.minutes(5)) { run.stepper = { run.scene.stepper() } }
        #expect(try run.run() == .completed)
        #expect(run.notices.filter { $0.hasPrefix("error: ") }.count == 1, "\(run.notices)")
        #expect(run.events.filter { $0 == "works again" }.count == 1)
        #expect(run.moments.compactMap(\.failure).count == 1)
        #expect(run.moments.contains { !$0.panel.troubles.isEmpty && $0.panel.view != nil })
    }

    @Test("with a target does not end a rollback before it is everywhere")
    func target() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.minutes(2)) {
            run.stepper = { run.scene.stepper(failing: .always("target.carryOut")) }
            run.scene.source.turn(.failing)
        }
        run.after(.minutes(10)) {
            let exposures = try run.scene.exposures()
            #expect(exposures != [.zero])
            run.stepper = { run.scene.stepper() }
        }
        #expect(try run.run() == .rolledBack)
        #expect(run.length >= .minutes(10))
        #expect(try run.scene.exposures() == [.zero])
        #expect(try run.scene.state()?.intent == nil)
        #expect(run.notices.contains { $0.contains("no space left on device") })
    }

    @Test("with a target, told to stop, says that the rollback is not everywhere yet")
    func stopsDuringRollback() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.minutes(2)) {
            run.stepper = { run.scene.stepper(failing: .always("target.carryOut")) }
            run.scene.source.turn(.failing)
        }
        run.stop(after: .minutes(8))
        #expect(try run.run() == .rolledBack)
        #expect(run.notices.last?.contains("rolled back, but not on every target yet") == true)
        #expect(run.moments.last?.view?.exitStatus == 10)
    }

    @Test("with the metrics holds, and goes on when they are back")
    func metrics() throws {
        let run = VirtualRun()
        try run.scene.start()
        run.after(.seconds(10)) {
            run.scene.source.turn(.always(.unreachable(message: "connection refused")))
        }
        run.after(.minutes(10)) { run.scene.source.turn(.healthy) }
        #expect(try run.run() == .completed)
        #expect(run.judged.contains { $0.contains("errors: exposures: connection refused") }, "\(run.judged)")
    }
}
