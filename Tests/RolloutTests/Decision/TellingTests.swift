import Rollout
import Testing
import TidegateTestKit

@Suite("What a person is told")
struct TellingTests {
    /// At which minutes a tick tells, given what the target shows in each.
    private func told(_ moments: [Int64], showing shown: (Int64) -> Sighting.Shown) -> [Int64] {
        var state = RolloutState.at(10)
        return moments.filter { minute in
            let transition = state.ticked(
                .healthy,
                after: .minutes(minute),
                seeing: state.seeing(shown(minute))
            )
            let (telling, tells) = transition.telling(at: .newYear + .minutes(minute))
            state = telling.state
            return tells
        }
    }

    @Test("is told when it arises and once an hour while it lasts")
    func hourly() {
        #expect(told(Array(1...130)) { _ in .absent } == [1, 61, 121])
    }

    @Test("is told again at once after it had gone")
    func again() {
        let ours = Sighting.Shown.allocation(.showing(10, revision: 3))
        #expect(told(Array(1...9)) { $0 == 4 ? ours : .absent } == [1, 5])
    }

    @Test("is not untold for hours because the clock was set back")
    func clockBack() {
        #expect(told([600, 1, 2]) { _ in .absent } == [600, 1])
    }

    @Test("is neither told nor forgotten by a tick without a new interval")
    func nothingNew() {
        var state = RolloutState.at(10)
        state.attention = Attention(key: "blind-refused-errors", toldAt: .newYear)
        let (telling, tells) = state.ticked(.healthy, after: .seconds(5)).telling(at: .newYear + .seconds(5))
        #expect(!tells)
        #expect(telling.state == state)
    }
}
