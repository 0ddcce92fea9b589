import Rollout
import Testing
import TidegateTestKit

@Suite("A ceiling")
struct CeilingTests {
    private let state = RolloutState.at(10, policy: .example(checks: [.ceiling]))

    /// The causes of ticks a minute apart, each counting what it is given.
    private func causes(_ counts: (failures: Double, exposures: Double)...) -> [Cause] {
        state.ticking(
            counts.enumerated().map { index, count in
                (.counting(failures: count.failures, of: count.exposures), .minutes(Int64(index + 1)))
            }
        ).compactMap { $0.judgements.first?.cause }
    }

    @Test(
        "holds up to its limit and breaks above it",
        arguments: [
            (0.0, 100.0, Cause.healthy), (1, 100, .healthy), (10, 1_000, .healthy), (1.01, 100, .breached),
            (11, 1_000, .breached), (100, 100, .breached), (0, 99, .tooFewSamples), (99, 99, .tooFewSamples),
            (0, 0, .noTraffic),
        ]
    )
    func limit(failures: Double, exposures: Double, cause: Cause) {
        #expect(causes((failures, exposures)) == [cause])
    }

    @Test("adds intervals up until there are enough samples")
    func accumulates() {
        #expect(causes((0, 40), (0, 40), (0, 40)) == [.tooFewSamples, .tooFewSamples, .healthy])
        #expect(causes((0, 40), (2, 40), (0, 40)) == [.tooFewSamples, .tooFewSamples, .breached])
    }

    @Test("judges the newest intervals that reach the minimum, not what was good long ago")
    func newest() {
        #expect(causes((0, 100_000), (2, 100)) == [.healthy, .breached])
        #expect(causes((0, 100_000), (1, 50)) == [.healthy, .healthy])
        #expect(causes((0, 60), (1, 60), (1, 60)) == [.tooFewSamples, .healthy, .breached])
    }

    @Test("sees a thin interval fail that follows a fat healthy one")
    func collapse() {
        #expect(causes((0, 6_000), (30, 60)) == [.healthy, .breached])
    }

    @Test("gives no verdict on an interval without traffic, however much there was before")
    func silence() {
        #expect(causes((0, 100_000), (0, 0)) == [.healthy, .noTraffic])
    }

    @Test("keeps no more intervals than it needs")
    func bounded() {
        let ticks = (1...2_000).map { (Weather.counting(failures: 0, of: 0.01), Span.minutes(Int64($0))) }
        var state = RolloutState.at(
            10,
            phase: .paused(.byHand, step: 0),
            policy: .example(checks: [.ceiling])
        )
        state = state.ticking(ticks).last?.state ?? state
        #expect(state.progress.checks[0].intervals.count <= 1_440)
        let busy = (1...20).map { (Weather.healthy, Span.minutes(2_000 + Int64($0))) }
        state = busy.reduce(state) { state, tick in
            let now = Timestamp.newYear + tick.1
            let evidence = Evidence(
                measurements: tick.0.measurements(of: state.questions(at: now)),
                sightings: state.untouched
            )
            return state.advanced(seeing: evidence, at: now).state
        }
        #expect(state.progress.checks[0].intervals.count == 1)
    }

    @Test("cuts time into intervals without gap or overlap, from the confirmation on")
    func tiles() {
        var state = state
        var reached = Timestamp.newYear
        for seconds in [60, 130, 185, 400, 455] as [Int64] {
            let now = Timestamp.newYear + .seconds(seconds)
            for question in state.questions(at: now) {
                guard case .count(_, let from, let through) = question.subject else { continue }
                #expect(from == reached)
                #expect(through == now - .seconds(15))
            }
            reached = now - .seconds(15)
            state = state.ticked(.counting(failures: 0, of: 1), after: .seconds(seconds)).state
        }
    }
}
