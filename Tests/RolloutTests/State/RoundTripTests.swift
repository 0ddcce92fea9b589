import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@Suite("A state in JSON")
struct RoundTripTests {
    private func roundTripped(_ state: RolloutState) throws -> RolloutState {
        try JSONDecoder().decode(RolloutState.self, from: JSONEncoder().encode(state))
    }

    @Test("reads back as it was, in every phase and with every kind of order")
    func every() throws {
        for base in RolloutState.inEveryPhase(.example(targets: 2)) + [StoredSamples.state()] {
            let raise = Raise(
                allocation: .showing(0.125, revision: .max),
                entering: .progressing(step: 1),
                before: base.progress
            )
            for intent in [nil, .raise(raise), .lower(to: .showing(33.333, revision: 9))] as [Intent?] {
                var state = base
                state.intent = intent
                state.targets[0].published = nil
                #expect(try roundTripped(state) == state)
            }
        }
    }

    @Test("decides the same after reading back, through made-up ticks", arguments: [1, 2, 3, 4] as [UInt64])
    func decides(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let began = RolloutState.at(
            10,
            policy: .example(checks: [.comparison, .ceiling, .latency, .slowness()])
        )
        var kept = began
        var read = kept
        var span = Span.zero
        for _ in 0..<300 {
            span += .milliseconds(Int64.random(in: -90_000...300_000, using: &random))
            let failures = Double.random(in: 0...60, using: &random)
            let weather = Weather.counting(failures: failures, of: .random(in: 0...9_000, using: &random))
            let transition = kept.ticked(weather, after: span)
            #expect(try read == roundTripped(kept), "seed \(seed)")
            #expect(read.ticked(weather, after: span) == transition, "seed \(seed)")
            kept = transition.state.phase.isJudged ? transition.state : began
            read = try roundTripped(kept)
        }
    }
}
