import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("Drift")
struct DriftTests {
    /// What a person, or another controller, may leave on a target.
    enum Hand: CaseIterable, Sendable {
        case disabled, zero, lowered, raised, otherSalt, otherSaltLower, foreign, absent, unreadable

        /// Made from what the controller published there.
        func shown(instead published: Allocation) -> Sighting.Shown {
            var shown = published
            switch self {
            case .disabled: shown.enabled = false
            case .zero: shown.percentage = .zero
            case .lowered: shown.percentage = .percent(published.percentage.percent / 2)
            case .raised: shown = .showing(100, revision: published.revision)
            case .otherSalt: shown.salt = "other"
            case .otherSaltLower: shown = .showing(1, revision: published.revision, salt: "other")
            case .foreign: shown.revision += 40
            case .absent: return .absent
            case .unreadable: return .unavailable("not JSON")
            }
            return .allocation(shown)
        }
    }

    /// Where a rollout that exposes clients may stand.
    enum Standing: CaseIterable, Sendable {
        case baking, paused, completed

        var state: RolloutState {
            switch self {
            case .baking: DriftTests.baking
            case .paused: DriftTests.paused
            case .completed: .at(100, phase: .completed)
            }
        }
    }

    private static let baking = RolloutState.at(50, phase: .progressing(step: 1))
    private static let paused = RolloutState.at(
        50,
        phase: .paused(.person(actor: "ada", reason: nil), step: 1)
    )
    private static let rolledBack = RolloutState.at(0, phase: .rolledBack(.blind))
    private static let ready = RolloutState.at(0, phase: .ready)

    private func tick(_ state: RolloutState, _ hand: Hand) -> Transition {
        let shown = hand.shown(instead: state.confirmed)
        return state.baked(minutes: 2).ticked(.healthy, after: .minutes(3), seeing: state.seeing(shown))
    }

    @Test(
        "that disables is a rollback, latched",
        arguments: [Hand.disabled, .zero],
        Standing.allCases
    )
    func disabled(hand: Hand, standing: Standing) {
        let transition = tick(standing.state, hand)
        #expect(transition.decision == .rolledBack)
        #expect(transition.state.phase == .rolledBack(.byHand))
        #expect(transition.effect == .lower(to: .showing(0, revision: 4)))
    }

    @Test("that lowers is a pause at what is shown, still judged", arguments: Standing.allCases)
    func lowered(standing: Standing) {
        let state = standing.state
        let transition = tick(state, .lowered)
        let half = state.confirmed.percentage.percent / 2
        #expect(transition.decision == .paused)
        #expect(transition.state.phase.name == .paused)
        #expect(transition.state.phase.isJudged)
        #expect(transition.effect == .lower(to: .showing(half, revision: 4)))
        #expect(transition.need != nil)
    }

    @Test(
        "of any other kind holds for a person and raises nothing",
        arguments: [Hand.raised, .otherSalt, .otherSaltLower, .foreign, .absent, .unreadable],
        [Standing.baking, .paused]
    )
    func holds(hand: Hand, standing: Standing) {
        let state = standing.state
        let transition = tick(state, hand)
        #expect(transition.decision == .held)
        #expect(transition.effect == nil)
        #expect(transition.need != nil)
        #expect(transition.state.phase == state.phase)
        #expect(!transition.judgements.isEmpty)
    }

    @Test("of a finished rollout is reported, and changes nothing", arguments: Hand.allCases)
    func finished(hand: Hand) {
        for state in [Self.rolledBack, Self.ready] {
            let shown = hand.shown(instead: .showing(30, revision: 3))
            let transition = state.ticked(.healthy, after: .minutes(3), seeing: state.seeing(shown))
            #expect(transition.state == state)
            #expect(transition.effect == nil)
            let exposes = state.seeing(shown)[0].exposure.map { $0 > .zero } ?? false
            #expect((transition.need != nil) == exposes)
        }
    }

    @Test("on two targets: the more lowering one wins, and the lower percentage")
    func twoTargets() {
        let state = RolloutState.at(50, phase: .progressing(step: 1), policy: .example(targets: 2))
        func phase(_ first: Sighting.Shown, _ second: Sighting.Shown) -> Transition {
            state.ticked(.healthy, after: .minutes(1), seeing: state.seeing(first, second))
        }
        let higher = Sighting.Shown.allocation(.showing(80, revision: 3))
        let lower = Sighting.Shown.allocation(.showing(30, revision: 3))
        let lowest = Sighting.Shown.allocation(.showing(20, revision: 3))
        let off = Sighting.Shown.allocation(.showing(0, revision: 3))
        let ours = Sighting.Shown.allocation(.showing(50, revision: 3))
        #expect(phase(lower, off).state.phase == .rolledBack(.byHand))
        #expect(phase(lower, lowest).effect == .lower(to: .showing(20, revision: 4)))
        #expect(phase(lowest, lower).effect == .lower(to: .showing(20, revision: 4)))
        #expect(phase(higher, lower).effect == .lower(to: .showing(30, revision: 4)))
        #expect(phase(ours, .absent).decision == .held)
        #expect(phase(ours, .unavailable("gone")).reasons.first?.code != "drift-absent")
    }

    @Test("is accepted where every target shows the same, and goes on from there")
    func accept() throws {
        for percent in [5.0, 30, 80] {
            let sightings = Self.paused.seeing(.allocation(.showing(percent, revision: 9)))
            let now = Timestamp.newYear + .minutes(1)
            let transition = try Self.paused.resumed(
                by: .ada,
                answering: .accept,
                sightings: sightings,
                at: now
            )
            #expect(transition.effect == .lower(to: .showing(percent, revision: 10)))
            let confirmed = transition.state.confirming(
                sightings[0].identity,
                shows: .showing(percent, revision: 10),
                at: now
            )
            #expect(confirmed.intent == nil)
            #expect(confirmed.confirmed == .showing(percent, revision: 10))
            #expect(confirmed.phase == .progressing(step: percent < 50 ? 0 : 1))
            #expect(confirmed.progress == .beginning(at: now, checks: confirmed.policy.checks))
            #expect(confirmed.drift(confirmed.untouched) == nil)
        }
    }

    @Test("that took the flag away is accepted as a rollback")
    func acceptAbsence() throws {
        let off = [Sighting.Shown.absent, .allocation(.showing(0, revision: 3))]
        for shown in off {
            let transition = try Self.baking.resumed(
                by: .ada,
                answering: .accept,
                sightings: Self.baking.seeing(shown),
                at: .newYear
            )
            #expect(transition.state.phase == .rolledBack(.byHand))
        }
    }

    @Test("is not accepted for other clients, nor where targets differ, nor into a finished rollout")
    func refusesToAccept() {
        func refused(_ state: RolloutState, _ shown: Sighting.Shown...) -> Bool {
            let sightings = zip(state.targets, shown).map { Sighting(identity: $0.identity, shown: $1) }
            do throws(Refused) {
                _ = try state.resumed(by: .ada, answering: .accept, sightings: sightings, at: .newYear)
                return false
            } catch {
                return error.hint != nil
            }
        }
        let salted = Sighting.Shown.allocation(.showing(50, revision: 3, salt: "other"))
        let higher = Sighting.Shown.allocation(.showing(80, revision: 3))
        let ours = Sighting.Shown.allocation(.showing(50, revision: 3))
        #expect(refused(Self.baking, salted))
        let two = RolloutState.at(50, phase: .progressing(step: 1), policy: .example(targets: 2))
        #expect(refused(two, higher, ours))
        #expect(refused(two, higher, .unavailable("gone")))
        #expect(refused(Self.rolledBack, higher))
        #expect(refused(Self.ready, higher))
    }

    @Test("is answered by reasserting, which exposes nobody new", arguments: Hand.allCases)
    func reassert(hand: Hand) throws {
        let state = Self.baking
        let shown = hand.shown(instead: state.confirmed)
        guard hand != .unreadable else { return }
        let transition = try state.resumed(
            by: .ada,
            answering: .reassert,
            sightings: state.seeing(shown),
            at: .newYear + .minutes(1)
        )
        guard case .lower(let allocation) = transition.effect else {
            Issue.record("\(String(describing: transition.effect))")
            return
        }
        let expected: [Hand: Double] = [.lowered: 25, .raised: 50, .foreign: 50]
        #expect(allocation.exposure == .percent(expected[hand] ?? 0))
        #expect(allocation.salt == "sse")
        #expect(transition.state.phase.name == .progressing)
        #expect(transition.state.confirmed.exposure == allocation.exposure)
        #expect(transition.state.progress.isBakeWaived == (allocation.exposure < .percent(50)))
    }

    @Test("of a finished rollout is reasserted without leaving its phase")
    func reassertFinished() throws {
        let higher = Sighting.Shown.allocation(.showing(80, revision: 9))
        for state in [Self.rolledBack, Self.ready] {
            let transition = try state.resumed(
                by: .ada,
                answering: .reassert,
                sightings: state.seeing(higher),
                at: .newYear
            )
            #expect(transition.state.phase == state.phase)
            #expect(transition.effect == .lower(to: .showing(0, revision: 10)))
        }
    }

    @Test("needs an answer to resume, and an answer needs a drift")
    func answers() {
        #expect(throws: Refused.self) {
            try Self.paused.resumed(
                by: .ada,
                answering: nil,
                sightings: Self.paused.seeing(.absent),
                at: .newYear
            )
        }
        for answer in [DriftAnswer.accept, .reassert] {
            #expect(throws: Refused.self) {
                try Self.paused.resumed(
                    by: .ada,
                    answering: answer,
                    sightings: Self.paused.untouched,
                    at: .newYear
                )
            }
        }
    }
}
