import Rollout
import Testing
import TidegateTestKit

@Suite("A query")
struct QueryTests {
    private func state(_ check: Check, settle: Span = .seconds(30)) -> RolloutState {
        .at(10, policy: .example(steps: [(10, .hours(1)), (100, .zero)], checks: [check], settle: settle))
    }

    private func value(_ number: Double) -> Weather { .counting(failures: 0, of: 0, value: number) }

    @Test(
        "holds up to its bound and breaks beyond it",
        arguments: [
            (Bound.max(0.1), 0.1, Cause.healthy), (.max(0.1), 0.1001, .breached), (.max(0.1), -7, .healthy),
            (.min(0.9), 0.9, .healthy), (.min(0.9), 0.8999, .breached), (.min(0.9), 5, .healthy),
        ]
    )
    func bounds(bound: Bound, number: Double, cause: Cause) {
        let transition = state(.query("m", bound: bound)).ticked(value(number), after: .minutes(1))
        #expect(transition.judgements.map(\.cause) == [cause])
    }

    @Test("breaks only after as many breaches in a row as it declares")
    func consecutive() {
        let state = state(.query("m", consecutive: 3))
        func causes(_ numbers: Double...) -> [Cause] {
            state.ticking(numbers.enumerated().map { (value($1), .minutes(Int64($0 + 1))) })
                .compactMap { $0.judgements.first?.cause }
        }
        #expect(causes(9, 9, 9) == [.undecided, .undecided, .breached])
        #expect(causes(9, 9, 0, 9, 9) == [.undecided, .undecided, .healthy, .undecided, .undecided])
    }

    @Test("does not forget breaches over a blind tick")
    func blindBetween() {
        let ticks: [(Weather, Span)] = [
            (value(9), .minutes(1)), (.always(.unreachable(message: "timeout")), .minutes(2)),
            (value(9), .minutes(3)),
        ]
        let transitions = state(.query("m", consecutive: 2)).ticking(ticks)
        #expect(
            transitions.compactMap { $0.judgements.first?.cause } == [.undecided, .unreachable, .breached]
        )
    }

    @Test(
        "is not asked before its range lies within the step",
        arguments: ["rate(m[5m])", "rate(m[4m] offset 1m)"]
    )
    func range(expression: String) {
        let state = state(.query(expression))
        for seconds in [60, 240, 314] as [Int64] {
            #expect(state.questions(at: .newYear + .seconds(seconds)).isEmpty)
            let transition = state.ticked(.failing, after: .seconds(seconds))
            #expect(transition.judgements.map(\.cause) == [.notDue])
            #expect(transition.effect == nil)
        }
        #expect(state.questions(at: .newYear + .seconds(315)).count == 1)
    }

    @Test(
        "replaces $window by the intervals judged since settling",
        arguments: [(104, nil), (105, "1m"), (164, "1m"), (165, "2m"), (645, "10m"), (3_645, "1h")]
            as [(Int64, String?)]
    )
    func window(seconds: Int64, window: String?) {
        let state = state(.query("rate(m[$window]) + rate(n[$window])"))
        let expressions = state.questions(at: .newYear + .seconds(seconds)).map { question -> String in
            guard case .value(let expression, _, _) = question.subject else { return "" }
            return expression
        }
        #expect(expressions == window.map { ["rate(m[\($0)]) + rate(n[\($0)])"] } ?? [])
    }

    @Test("takes no sample from before the confirmation for an answer")
    func oldSample() {
        let old = Weather.always(.value(Reading(value: 9, newestSample: .newYear - .seconds(1))))
        let transition = state(.query("m")).ticked(old, after: .minutes(1))
        #expect(transition.judgements.map(\.cause) == [.notDue])
        #expect(transition.effect == nil)
    }

    @Test("is asked about the moment the lag ago, with its selectors")
    func question() {
        let question = state(.query("m{a=\"b\"}")).questions(at: .newYear + .minutes(1)).first
        let moment = Timestamp.newYear + .seconds(45)
        #expect(
            question?.subject == .value(expression: "m{a=\"b\"}", at: moment, selectors: ["m{a=\"b\"}"])
        )
    }
}
