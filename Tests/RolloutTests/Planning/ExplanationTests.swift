import Analysis
import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("An explanation")
struct ExplanationTests {
    private static let policy = Policy.example(checks: [.clientFailures, .ceiling, .latency])

    @Test("has a row for every cause, with the policy's own deadlines")
    func matrix() {
        var policy = Self.policy
        policy.deadlines.blind = Deadline(after: .minutes(7), action: .pause)
        let explanation = Explanation(policy)
        #expect(explanation.matrix.map(\.cause) == Cause.allCases)
        #expect(explanation.matrix.first { $0.cause == .unreachable }?.effect == "holds; pauses after 7m")
        #expect(explanation.matrix.first { $0.cause == .breached }?.effect == "rolls back now")
        #expect(Set(Cause.allCases.map(\.meaning)).count == Cause.allCases.count)
    }

    @Test(
        "says in every phase how it stands and what a raise needs",
        arguments: RolloutState.inEveryPhase(policy)
    )
    func phases(state: RolloutState) {
        let explanation = Explanation(state)
        #expect(explanation.phase == state.phase.name)
        #expect(!explanation.standing.isEmpty)
        #expect(!explanation.advancing.isEmpty)
        #expect(explanation.checks.map(\.name) == ["client-failures", "errors", "latency"])
    }

    @Test("of a policy that blindness rolls back says so, and not of one that it pauses")
    func rollingBack() {
        let blind = "no usable evidence for 30m"
        #expect(Explanation(Self.policy).rollingBack.contains(blind))
        var policy = Self.policy
        policy.deadlines.blind.action = .pause
        #expect(!Explanation(policy).rollingBack.contains { $0.hasPrefix("no usable evidence") })
    }

    @Test("tells since when a clock runs, and when it acts")
    func clocks() {
        let state = RolloutState.at(10, policy: Self.policy)
            .living(.always(.unreachable(message: "timeout")), minutes: 3)
        let clocks = Explanation(state).clocks
        #expect(clocks.map(\.cause) == WaitingCause.allCases)
        #expect(clocks[0].since == .newYear + .minutes(1))
        #expect(clocks[0].actsAt == .newYear + .minutes(31))
        #expect(clocks.dropFirst().allSatisfy { $0.since == nil && $0.actsAt == nil })
    }

    @Test("of what a raise needs names each check that is not healthy, and the bake")
    func needs() {
        let state = RolloutState.at(10, policy: Self.policy).living(
            .healthy.except("errors", .always(.stale(newest: .newYear))),
            minutes: 1
        )
        let needs = Explanation(state).advancing
        #expect(needs.contains { $0.hasPrefix("errors: ") && $0.contains("the newest sample is ") })
        #expect(needs.contains { $0.hasPrefix("client-failures: ") })
        #expect(!needs.contains { $0.hasPrefix("latency: ") })
        #expect(needs.contains { $0.hasPrefix("bake: ") })
    }

    @Test("says who is held back, and what it means where nobody is")
    func holdback() throws {
        let held = try #require(Explanation(Self.policy).holdback)
        #expect(held.hasPrefix("5 % of the clients keep polling while the step of 100 % is baked"))
        var policy = Self.policy
        policy.comparisons = ComparisonTerms(holdback: .zero)
        #expect(Explanation(policy).holdback?.contains("blamed on the flag") == true)
        #expect(Explanation(.example()).holdback == nil)
    }
}

@Suite("What would end a hold")
struct ResolutionTests {
    private static let policy = Policy.example(
        steps: [(10, .minutes(5)), (100, .minutes(5))],
        checks: [.clientFailures]
    )

    private func resolution(_ state: RolloutState) throws -> String {
        let standing = try #require(state.comparisonStandings.first)
        let cause = try #require(state.progress.checks.first?.latest?.cause)
        let forecast = state.outlook?.checks.first?.steps.first
        return standing.resolution(of: cause, forecast, under: state.policy) ?? "nothing"
    }

    private func living(_ treated: (Double, Double), _ control: (Double, Double), minutes: Int = 3)
        -> RolloutState
    {
        let weather = Weather.arms(
            treatment: ArmCount(exposures: treated.1, failures: treated.0),
            control: ArmCount(exposures: control.1, failures: control.0)
        )
        let history = ControlHistory.steady(exposures: treated.1 + control.1)
        return RolloutState.at(10, policy: Self.policy).knowing(history).living(weather, minutes: minutes)
    }

    @Test("is time where the traffic is enough")
    func time() throws {
        let text = try resolution(living((0.6, 120), (5.4, 1_080)))
        #expect(text.hasPrefix("time: decided in about "), "\(text)")
        #expect(text.hasSuffix(" at present traffic, if it is harmless"), "\(text)")
    }

    @Test("is a rollback, and when, where there is evidence of harm")
    func rollback() throws {
        let text = try resolution(living((1.5, 120), (5.25, 1_080), minutes: 8))
        #expect(text.hasPrefix("time: a rollback in about "), "\(text)")
        #expect(text.hasSuffix("the policy pauses after 2h"), "\(text)")
    }

    @Test("is more traffic or more tolerance where the policy would not wait so long")
    func traffic() throws {
        let text = try resolution(living((0.015, 3), (0.135, 27), minutes: 40))
        #expect(
            text.hasPrefix("more traffic, or a larger 'tolerate' or 'harmBudget': decided in "),
            "\(text)"
        )
    }

    @Test("is samples where those are missing")
    func samples() throws {
        let text = try resolution(living((0, 20), (1, 180)))
        #expect(
            text
                == "40 more exposures of the treatment: about 2 min at present traffic; the policy pauses after 2h"
        )
    }

    @Test("is nothing where nothing is held")
    func healthy() throws {
        let state = living((60, 12_000), (540, 108_000), minutes: 7)
        #expect(state.progress.checks.first?.latest?.cause == .healthy)
        #expect(try resolution(state) == "nothing")
    }
}
