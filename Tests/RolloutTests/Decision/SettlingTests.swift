import Assignment
import Rollout
import Testing
import TidegateTestKit

@Suite("Settling what a dead process left")
struct SettlingTests {
    private static let old = Allocation.showing(10, revision: 3)
    private static let raised = Allocation.showing(50, revision: 4)
    private static let now = Timestamp.newYear + .minutes(3)

    /// What a target may show when a raise from 10 to 50 % was left behind.
    enum Shows: CaseIterable, Sendable {
        case old, raised, stamped, disabled, lowered, absent, unavailable

        var shown: Sighting.Shown {
            switch self {
            case .old: .allocation(SettlingTests.old)
            case .raised: .allocation(SettlingTests.raised)
            case .stamped: .allocation(.showing(10, revision: 9))
            case .disabled: .allocation(.showing(0, revision: 3))
            case .lowered: .allocation(.showing(5, revision: 3))
            case .absent: .absent
            case .unavailable: .unavailable("timeout")
            }
        }
    }

    private static func left(_ intent: (RolloutState) -> Intent) -> RolloutState {
        var state = RolloutState.at(10, policy: .example(targets: 2)).baked(minutes: 2)
        state.revision = 4
        state.intent = intent(state)
        return state
    }

    private static let raising = left { state in
        var before = state.progress
        before.judgedTicks = 77
        return .raise(Raise(allocation: raised, entering: .progressing(step: 1), before: before))
    }

    @Test("settles a raise by what each of two targets shows", arguments: Shows.allCases, Shows.allCases)
    func raise(first: Shows, second: Shows) {
        let sightings = Self.raising.seeing(first.shown, second.shown)
        let settlement = Self.raising.settled(against: sightings, at: Self.now)
        let both = [first, second]
        if both == [.raised, .raised] {
            #expect(settlement.effect == nil)
            #expect(settlement.state.intent == nil)
            #expect(settlement.state.phase == .progressing(step: 1))
            #expect(settlement.state.confirmed == Self.raised)
            #expect(settlement.state.progress == .beginning(at: Self.now, checks: Self.raising.policy.checks))
            #expect(settlement.entries.map(\.event) == [.confirmed])
        } else if both.allSatisfy({ $0 == .raised || $0 == .unavailable }) {
            // Nothing is known: nothing is done, and nothing can advance.
            #expect(settlement.effect == nil)
            #expect(settlement.state.intent == Self.raising.intent)
            #expect(settlement.state.phase == .progressing(step: 0))
            #expect(settlement.entries.isEmpty)
            let ticked = settlement.state.ticked(.healthy, after: .minutes(3), seeing: sightings)
            #expect(ticked.effect == nil)
        } else {
            #expect(settlement.effect == .lower(to: .showing(10, revision: 5)))
            #expect(settlement.state.intent == .lower(to: .showing(10, revision: 5)))
            #expect(settlement.state.phase == .progressing(step: 0))
            #expect(settlement.state.progress.judgedTicks == 77)
            #expect(settlement.entries.map(\.event) == [.withdrawn])
        }
    }

    @Test("settles a rollback by what each of two targets shows", arguments: Shows.allCases, Shows.allCases)
    func rollback(first: Shows, second: Shows) {
        var state = Self.left { _ in .lower(to: .showing(0, revision: 4)) }
        state.phase = .rolledBack(.byHand)
        let settlement = state.settled(against: state.seeing(first.shown, second.shown), at: Self.now)
        let isDone = [first, second].allSatisfy { $0 == .absent }
        #expect((settlement.effect == nil) == isDone)
        #expect((settlement.state.intent == nil) == isDone)
        #expect(settlement.state.phase == .rolledBack(.byHand))
        if !isDone { #expect(settlement.effect == .lower(to: .showing(0, revision: 4))) }
    }

    @Test("confirms a rollback once both targets show it")
    func rollbackShown() {
        var state = Self.left { _ in .lower(to: .showing(0, revision: 4)) }
        state.phase = .rolledBack(.byHand)
        let shown = Sighting.Shown.allocation(.showing(0, revision: 4))
        let settlement = state.settled(against: state.seeing(shown, shown), at: Self.now)
        #expect(settlement.effect == nil)
        #expect(settlement.state.intent == nil)
        #expect(settlement.state.confirmed.exposure == .zero)
    }

    @Test("does nothing where nothing was left")
    func nothing() {
        let state = RolloutState.at(10)
        let settlement = state.settled(against: state.seeing(.absent), at: Self.now)
        #expect(settlement == Settlement(state: state))
    }

    @Test("keeps what a person lowered meanwhile visible as drift", arguments: [0.0, 5.0])
    func handDuringWithdrawal(percent: Double) {
        let withdrawn = Self.raising.settled(against: Self.raising.seeing(.absent, .absent), at: Self.now)
            .state
        let shown = Allocation.showing(percent, revision: 5)
        let settled = withdrawn.targets.reduce(withdrawn) { state, target in
            state.confirming(target.identity, shows: shown, at: Self.now)
        }
        #expect(settled.intent == nil)
        let sightings = settled.seeing(.allocation(shown), .allocation(shown))
        let ticked = settled.ticked(.healthy, after: .minutes(3), seeing: sightings)
        let expected: Phase = percent == 0 ? .rolledBack(.byHand) : .paused(.byHand, step: 0)
        #expect(ticked.state.phase == expected)
    }

    @Test("takes a target that vanished during a withdrawal for drift")
    func absentDuringWithdrawal() {
        let withdrawn = Self.raising.settled(against: Self.raising.seeing(.absent, .absent), at: Self.now)
            .state
        let settled = withdrawn.targets.reduce(withdrawn) { state, target in
            state.confirming(target.identity, shows: nil, at: Self.now)
        }
        #expect(settled.intent == nil)
        let ticked = settled.ticked(.healthy, after: .minutes(3), seeing: settled.seeing(.absent, .absent))
        #expect(ticked.decision == .held)
        #expect(ticked.reasons.first?.code == "drift-absent")
    }

    @Test("does not take a target nothing was ever confirmed on for lowered")
    func neverConfirmed() {
        var state = RolloutState.at(0, phase: .ready, policy: .example(targets: 2))
        for index in state.targets.indices { state.targets[index].published = nil }
        state.revision = 4
        state.intent = .lower(to: .showing(0, revision: 4))
        let half = state.confirming(state.targets[0].identity, shows: .showing(0, revision: 4), at: Self.now)
        #expect(half.intent == state.intent)
        let whole = half.confirming(state.targets[1].identity, shows: nil, at: Self.now)
        #expect(whole.intent == nil)
    }

    @Test("never traps on the highest revision, written by hand")
    func highestRevision() {
        var state = RolloutState.at(10)
        state = state.confirming(state.targets[0].identity, shows: .showing(10, revision: .max), at: Self.now)
        let rolledBack = state.rolledBack(by: .ada, at: Self.now)
        #expect(rolledBack.effect == .lower(to: .showing(0, revision: .max)))
        #expect(throws: Never.self) { try state.paused(by: .ada, at: Self.now) }
    }
}
