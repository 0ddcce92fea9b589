import Rollout
import Testing
import TidegateTestKit

@Suite("A changed policy")
struct AcceptPolicyTests {
    private let now = Timestamp.newYear + .minutes(3)
    private let state = RolloutState.at(10).baked(minutes: 2)

    @Test("is judged and rolled back under the accepted one, and never advances")
    func changed() {
        for weather in [Weather.healthy, .always(.noData), .always(.noSignal)] {
            let transition = state.ticked(weather, after: .minutes(3), digest: "sha256:other")
            #expect(transition.decision == .held)
            #expect(transition.effect == nil)
            #expect(transition.need?.key == "policy-changed")
            #expect(transition.state.policy == state.policy)
        }
        #expect(state.ticked(.failing, after: .minutes(3), digest: "sha256:other").decision == .rolledBack)
    }

    @Test("is accepted by a person, and gathers its evidence anew")
    func accepted() throws {
        var policy = state.policy
        policy.steps = [
            Step(percentage: .percent(5), bake: .zero), Step(percentage: .percent(20), bake: .zero),
        ]
        policy.checks = [.latency, .ceiling]
        let transition = try state.accepting(policy, digest: "sha256:new", by: .ada, at: now)
        #expect(transition.decision == .policyAccepted)
        #expect(transition.effect == nil)
        #expect(transition.state.phase == .progressing(step: 0))
        #expect(transition.state.progress == .beginning(at: now, checks: policy.checks))
        #expect(transition.state.nextStep == 1)
        let next = transition.state.ticked(.healthy, after: .minutes(4), digest: "sha256:new")
        #expect(next.decision == .held)
    }

    @Test("keeps a pause a pause")
    func paused() throws {
        var paused = state
        paused.phase = .paused(.byHand, step: 0)
        let transition = try paused.accepting(
            .example(checks: [.ceiling]),
            digest: "sha256:new",
            by: .ada,
            at: now
        )
        #expect(transition.state.phase == .paused(.byHand, step: 0))
    }

    @Test("is refused where it would move clients or leave a target behind")
    func frozen() {
        var salted = state.policy
        salted.salt = "other"
        var moved = state.policy
        moved.store = .sqlite(path: "/elsewhere.sqlite")
        for policy in [salted, moved, .example(targets: 2)] {
            #expect(throws: Refused.self) {
                try state.accepting(policy, digest: "sha256:new", by: .ada, at: now)
            }
        }
    }

    @Test("is refused while an order is unconfirmed, which was made under the old steps and checks")
    func unsettled() {
        var raising = state
        raising.intent = .raise(
            Raise(
                allocation: .showing(50, revision: 4),
                entering: .progressing(step: 1),
                before: state.progress
            )
        )
        let short = Policy.example(steps: [(10, .zero)])
        #expect(throws: Refused.self) {
            try raising.accepting(short, digest: "sha256:new", by: .ada, at: now)
        }
    }

    @Test("that is the accepted one changes nothing")
    func same() throws {
        let transition = try state.accepting(state.policy, digest: Policy.exampleDigest, by: .ada, at: now)
        #expect(transition.decision == .nothingNew)
        #expect(transition.state == state)
    }

    @Test("never drops a check that has gathered nothing yet")
    func everyCheck() {
        var state = state
        state.progress.checks.removeLast()
        let transition = state.ticked(.healthy.except("latency", .always(.noData)), after: .minutes(3))
        #expect(transition.judgements.map(\.check) == ["errors", "latency"])
        #expect(transition.decision == .held)
    }
}
