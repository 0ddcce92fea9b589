import Rollout
import Testing
import TidegateTestKit

@Suite("Baking a step")
struct BakeTests {
    private let long = Policy.example(steps: [(10, .hours(1)), (100, .hours(1))])

    private func baked(at moments: [Span], policy: Policy? = nil) -> Span {
        let state = RolloutState.at(10, policy: policy ?? long)
        return state.ticking(moments.map { (.healthy, $0) }).last?.state.progress.baked ?? .zero
    }

    @Test("begins once the targets have settled")
    func settles() {
        #expect(baked(at: [.minutes(1)]) == .seconds(30))
        #expect(baked(at: [.minutes(1)], policy: .example(settle: .zero)) == .minutes(1))
        #expect(baked(at: [.minutes(1)], policy: .example(settle: .minutes(3))) == .zero)
        #expect(
            baked(at: [.minutes(1), .minutes(2)], policy: .example(settle: .seconds(90))) == .seconds(30)
        )
    }

    @Test("adds the time between ticks, at most two intervals of it")
    func clamps() {
        #expect(baked(at: [.minutes(1), .minutes(2)]) == .seconds(90))
        #expect(baked(at: [.minutes(1), .minutes(3)]) == .seconds(150))
        #expect(baked(at: [.minutes(1), .minutes(9)]) == .seconds(150))
        #expect(baked(at: [.hours(5)]) == .minutes(2))
    }

    @Test("takes cron's jitter for what it is")
    func jitter() {
        let moments = [60, 117, 181, 238, 300].map { Span.seconds($0) }
        #expect(baked(at: moments) == .seconds(270))
        #expect(baked(at: [.seconds(54)]) == .seconds(24))
    }

    @Test("changes nothing at all in a tick without a new interval", arguments: [0, 1, 30, 53] as [Int64])
    func early(seconds: Int64) {
        let state = RolloutState.at(10).baked(minutes: 1)
        let transition = state.ticked(.failing, after: .seconds(60 + seconds))
        #expect(transition.decision == .nothingNew)
        #expect(transition.state == state)
        #expect(transition.entries.isEmpty)
        #expect(state.questions(at: .newYear + .seconds(60 + seconds)).isEmpty)
    }

    @Test("does not count blind or paused ticks")
    func blindAndPaused() {
        let state = RolloutState.at(10, policy: long).baked(minutes: 2)
        let blind = state.ticked(.always(.noData), after: .minutes(3)).state
        #expect(blind.progress.baked == .seconds(90))
        #expect(blind.ticked(.healthy, after: .minutes(4)).state.progress.baked == .seconds(150))
        var paused = state
        paused.phase = .paused(.person(actor: "ada", reason: nil), step: 0)
        #expect(paused.ticked(.healthy, after: .minutes(3)).state.progress.baked == .seconds(90))
    }

    @Test("needs an interval that began after the targets had settled")
    func judged() {
        let policy = Policy.example(steps: [(10, .zero), (100, .zero)])
        let transitions = RolloutState.at(10, policy: policy).ticking(
            [(.healthy, .minutes(1)), (.healthy, .minutes(2))]
        )
        #expect(transitions.map(\.decision) == [.held, .advanced])
        #expect(transitions[0].reasons.first?.code == "too-few-judged-ticks")
    }

    @Test("is ended early by a person, but not before an interval was judged after settling")
    func promoted() throws {
        let state = RolloutState.at(10, policy: long)
        let promoted = try state.promoted(by: .ada, at: .newYear).state
        let transitions = promoted.ticking([(.healthy, .minutes(1)), (.healthy, .minutes(2))])
        #expect(transitions.map(\.decision) == [.held, .advanced])
    }

    @Test("is not ended early by a person against the checks")
    func promotedUnhealthy() throws {
        let promoted = try RolloutState.at(10, policy: long).baked(minutes: 3).promoted(
            by: .ada,
            at: .newYear
        ).state
        #expect(promoted.ticked(.always(.noData), after: .minutes(4)).decision == .held)
        #expect(promoted.ticked(.failing, after: .minutes(4)).decision == .rolledBack)
    }

    @Test("judges one bigger interval when called late, and each event once")
    func late() {
        let state = RolloutState.at(10).baked(minutes: 1)
        let asked = state.questions(at: .newYear + .minutes(7)).compactMap { question -> Span? in
            guard case .count(_, let from, let through) = question.subject else { return nil }
            #expect(from == .newYear + .seconds(45))
            return through - from
        }
        #expect(asked == [.minutes(6), .minutes(6)])
    }

    @Test("asks again about an interval that was blind")
    func blindInterval() {
        let state = RolloutState.at(10).ticking([(.healthy, .minutes(1)), (.always(.noData), .minutes(2))])[1]
            .state
        guard case .count(_, let from, let through) = state.questions(at: .newYear + .minutes(3))[0].subject
        else {
            Issue.record("the first question counts nothing")
            return
        }
        #expect(from == .newYear + .seconds(45))
        #expect(through == .newYear + .seconds(165))
    }

    @Test("counts no sample a second time")
    func unchanged() {
        let newest = Timestamp.newYear + .seconds(40)
        let frozen = Weather.always(.value(Reading(value: 0.05, newestSample: newest)))
            .except(.exposures, .value(Reading(value: 600, newestSample: newest)))
        let first = RolloutState.at(10).ticked(frozen, after: .minutes(1)).state
        let second = first.ticked(frozen, after: .minutes(2))
        #expect(second.judgements.map(\.cause) == [.unchanged, .unchanged])
        #expect(second.state.progress.checks.map(\.through) == first.progress.checks.map(\.through))
        #expect(second.state.progress.checks.map(\.intervals) == first.progress.checks.map(\.intervals))
    }

    @Test("loses nothing to a clock set back by less than an interval")
    func slightlyBack() {
        let state = RolloutState.at(10).baked(minutes: 2)
        for seconds in [60, 90, 119] as [Int64] {
            #expect(state.ticked(.healthy, after: .seconds(seconds)).state == state)
        }
    }

    @Test("begins anew when the clock is set back further, and says so")
    func setBack() {
        var state = RolloutState.at(10, policy: long).baked(minutes: 30)
        state.waits.undecided = .newYear + .minutes(30)
        let back = state.ticked(.healthy, after: .minutes(10))
        #expect(back.decision == .held)
        #expect(back.need?.key == "clock-went-back")
        #expect(back.state.progress.baked == .zero)
        #expect(back.state.waits.undecided == .newYear + .minutes(10))
        #expect(back.effect == nil)
        #expect(back.state.ticked(.failing, after: .minutes(11)).decision == .rolledBack)
    }
}
