import Analysis
import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("Clients that are held back for a comparison")
struct HoldbackTests {
    private static func policy(holdback: Double = 5, checks: [Check] = [.comparison]) -> Policy {
        var policy = Policy.example(
            steps: [(10, .zero), (50, .zero), (100, .zero)],
            checks: checks,
            settle: .zero
        )
        policy.comparisons = ComparisonTerms(holdback: .percent(holdback))
        return policy
    }

    private func exposures(_ policy: Policy) -> [Double] {
        policy.steps.map { policy.exposure(of: $0).percent }
    }

    @Test("are 5 % of everybody unless the policy says otherwise, and nobody without a control")
    func exposuresOfSteps() {
        #expect(exposures(Self.policy()) == [10, 50, 95])
        #expect(exposures(Self.policy(holdback: 20)) == [10, 50, 80])
        #expect(exposures(Self.policy(holdback: 0)) == [10, 50, 100])
        #expect(exposures(Self.policy(checks: [.ceiling])) == [10, 50, 100])
        #expect(exposures(Self.policy(checks: [.objective(0.01)])) == [10, 50, 100])
        var unsaid = Self.policy()
        unsaid.comparisons = nil
        #expect(exposures(unsaid) == [10, 50, 95])
        var short = Self.policy()
        short.steps.removeLast()
        #expect(exposures(short) == [10, 50])
        #expect(short.finalExposure == .percent(50))
    }

    @Test("get the treatment once the last step is healthy, and only then")
    func release() throws {
        let state = RolloutState.at(95, phase: .progressing(step: 2), policy: Self.policy())
        let transitions = state.ticking((1...11).map { (.healthy, .minutes(Int64($0))) })
        #expect(transitions.prefix(9).allSatisfy { $0.decision == .held && $0.effect == nil })
        let last = transitions[9]
        #expect(last.decision == .completed)
        guard case .raise(let allocation) = last.effect else {
            Issue.record("\(String(describing: last.effect))")
            return
        }
        #expect(allocation.exposure == .hundred)
        #expect(last.state.phase == .progressing(step: 2))
        let confirmed = last.state.confirming(
            "file:/flags-0.json",
            shows: allocation,
            at: .newYear + .minutes(11)
        )
        #expect(confirmed.phase == .completed)
        #expect(confirmed.confirmed.exposure == .hundred)
    }

    @Test("stay without it where the last raise never arrives: the same interval is judged again")
    func withdrawn() throws {
        let state = RolloutState.at(95, phase: .progressing(step: 2), policy: Self.policy())
        let transitions = state.ticking((1...10).map { (.healthy, .minutes(Int64($0))) })
        let raising = transitions[9].state
        let settlement = raising.settled(against: state.untouched, at: .newYear + .minutes(11))
        #expect(settlement.state.phase == .progressing(step: 2))
        #expect(settlement.state.progress == transitions[8].state.progress)
    }

    @Test("are still a control in the last step: an incident there is not blamed on the flag")
    func incident() {
        let state = RolloutState.at(95, phase: .progressing(step: 2), policy: Self.policy())
        func weather(times factor: Double) -> Weather {
            Weather { question in
                let number: Double =
                    switch question.role {
                    case .treatmentExposures: 5_700
                    case .treatmentFailures: 57 * factor
                    case .controlExposures: 300
                    default: 3 * factor
                    }
                return .value(Reading(value: number, newestSample: question.through))
            }
        }
        let transitions = state.ticking(
            (1...14).map { (weather(times: $0 > 4 ? 10 : 1), .minutes(Int64($0))) }
        )
        #expect(transitions.allSatisfy { $0.decision == .held })
    }

    @Test(
        "are counted by the test from step to step: evidence of harm goes on, that of harmlessness begins anew"
    )
    func steps() throws {
        var state = RolloutState.at(10, policy: Self.policy())
        let transitions = state.ticking((1...5).map { (.healthy, .minutes(Int64($0))) })
        let raise = try #require(transitions.last?.state.intent?.allocation)
        state = transitions[4].state.confirming(
            "file:/flags-0.json",
            shows: raise,
            at: .newYear + .minutes(6)
        )
        let before = try #require(transitions[4].state.progress.checks[0].comparison)
        let after = try #require(state.progress.checks[0].comparison)
        #expect(state.phase == .progressing(step: 1))
        #expect(after.test.regression == before.test.regression)
        #expect(after.test.dispersion == before.test.dispersion)
        #expect(after.test.evidenceOfHarmlessness == 0)
        #expect(after.test.formerSteps.count == 1)
        #expect(after.test.step?.expectedRatio == 1)
    }
}
