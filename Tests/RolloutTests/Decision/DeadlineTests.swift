import Rollout
import Testing
import TidegateTestKit

@Suite("Deadlines")
struct DeadlineTests {
    private static let blindness: [Outcome] = [
        .noData, .notFinite(text: "NaN"), .ambiguous(series: []), .partial(warnings: []),
        .stale(newest: .newYear),
        .unreachable(message: "timeout"), .refused(.credentials, message: "401"),
    ]

    /// The first decision other than holding, and the minute it was made in.
    private func end(
        _ policy: Policy = .example(),
        every minutes: Int = 1,
        until last: Int = 300,
        _ weather: (Int) -> Weather
    ) -> (minute: Int, phase: Phase)? {
        var state = RolloutState.at(10, policy: policy)
        for minute in stride(from: minutes, through: last, by: minutes) {
            state = state.ticked(weather(minute), after: .minutes(Int64(minute))).state
            guard state.phase == .progressing(step: 0) else { return (minute, state.phase) }
        }
        return nil
    }

    @Test("roll back after 30 blind minutes, however often a tick came", arguments: [1, 2, 5, 10, 30])
    func blind(every minutes: Int) {
        let end = end(every: minutes) { _ in .always(.noData) }
        #expect(end?.phase == .rolledBack(.blind))
        #expect(end?.minute == minutes + 30)
    }

    @Test("count any mixture of causes as one blindness")
    func mixture() {
        let end = end { .always(Self.blindness[$0 % Self.blindness.count]) }
        #expect(end?.phase == .rolledBack(.blind))
        #expect(end?.minute == 31)
    }

    @Test("count blindness that wanders from check to check")
    func wandering() {
        let blind = Weather.always(.noData)
        let end = end { .healthy.except($0.isMultiple(of: 2) ? "errors" : "latency", blind) }
        #expect(end?.phase == .rolledBack(.blind))
    }

    @Test("start anew after a single tick with evidence")
    func seeing() {
        let long = Policy.example(steps: [(10, .hours(9)), (100, .hours(9))])
        let end = end(long, until: 120) { $0.isMultiple(of: 20) ? .healthy : .always(.noData) }
        #expect(end == nil)
    }

    @Test("pause after two hours of too few samples, no traffic or no verdict")
    func pauses() {
        let few = end { _ in .healthy.except("errors", .counting(failures: 0, of: 0.5)) }
        #expect(few?.minute == 121)
        #expect(few?.phase == .paused(.deadline(.tooFewSamples), step: 0))
        let none = end { _ in .healthy.except("errors", .counting(failures: 0, of: 0)) }
        #expect(none?.minute == 121)
        #expect(none?.phase == .paused(.deadline(.noTraffic), step: 0))
        let patient = Policy.example(checks: [.query("latency_seconds", consecutive: 999)])
        let undecided = end(patient) { _ in .failing }
        #expect(undecided?.minute == 121)
        #expect(undecided?.phase == .paused(.deadline(.undecided), step: 0))
    }

    @Test("do what the policy says instead")
    func declared() {
        let deadlines = Deadlines(
            blind: Deadline(after: .minutes(5), action: .pause),
            noTraffic: Deadline(after: .minutes(7), action: .rollback)
        )
        let blind = end(.example(deadlines: deadlines)) { _ in .always(.noData) }
        #expect(blind?.minute == 6)
        #expect(blind?.phase == .paused(.deadline(.blind), step: 0))
        let none = end(.example(deadlines: deadlines)) { _ in .always(.noSignal) }
        #expect(none?.minute == 8)
        #expect(none?.phase == .rolledBack(.deadline(.noTraffic)))
    }

    @Test("are neither started nor stopped by an answer without a newer sample")
    func unchanged() {
        let frozen = Weather.always(.value(Reading(value: 0.05, newestSample: .newYear)))
        #expect(end { _ in frozen } == nil)
        let end = end { $0 == 1 ? .always(.noData) : frozen }
        #expect(end?.phase == .rolledBack(.blind))
        #expect(end?.minute == 31)
    }

    @Test("run on while paused: blindness still rolls back")
    func whilePaused() {
        var state = RolloutState.at(10, phase: .paused(.person(actor: "ada", reason: nil), step: 0))
        for minute in 1...31 { state = state.ticked(.always(.noData), after: .minutes(Int64(minute))).state }
        #expect(state.phase == .rolledBack(.blind))
    }

    @Test("start anew when a person resumes")
    func resumed() throws {
        var state = RolloutState.at(10)
        for minute in 1...121 {
            state = state.ticked(.always(.noSignal), after: .minutes(Int64(minute))).state
        }
        #expect(state.phase == .paused(.deadline(.noTraffic), step: 0))
        state = try state.resumed(
            by: .ada,
            answering: nil,
            sightings: state.untouched,
            at: .newYear + .minutes(121)
        ).state
        #expect(state.waits == Waits())
        let next = state.ticked(.always(.noSignal), after: .minutes(122))
        #expect(next.decision == .held)
        #expect(next.state.phase == .progressing(step: 0))
    }

    @Test("are moved by a clock set back, never lengthened past it")
    func clockBack() {
        var state = RolloutState.at(10)
        state = state.ticked(.always(.noData), after: .hours(2)).state
        state = state.ticked(.always(.noData), after: .hours(1)).state
        #expect(state.waits.blind == .newYear + .hours(1))
        state = state.ticked(.always(.noData), after: .minutes(90)).state
        #expect(state.phase == .rolledBack(.blind))
    }
}
