import Assignment
import Rollout
import Testing
import TidegateTestKit

@testable import Rehearsal

@Suite("A course")
struct CourseTests {
    private func event(
        _ minute: Int64,
        _ decision: Decision,
        _ percent: Double,
        because code: String = "baking"
    ) -> Course.Event {
        Course.Event(
            elapsed: .minutes(minute),
            decision: decision,
            exposure: .percent(percent),
            reasons: [Reason(code: code, text: "\(minute)")],
            judgements: [],
            unanswered: 0
        )
    }

    private func course(_ events: [Course.Event]) -> Course {
        Course(events, end: .completed, treated: TreatedRequests(count: 9, failed: 1))
    }

    @Test("adds up how long each share was published")
    func totals() {
        let events = [
            event(0, .started, 10), event(1, .held, 10), event(2, .advanced, 50), event(5, .rolledBack, 0),
        ]
        let totals = course(events).totals
        #expect(totals.ticks == 3)
        #expect(totals.duration == .minutes(5))
        #expect(totals.largestExposure == .percent(50))
        let times = [
            Course.TimeAtExposure(exposure: .percent(10), time: .minutes(2)),
            Course.TimeAtExposure(exposure: .percent(50), time: .minutes(3)),
        ]
        #expect(totals.timeAtExposure == times)
        #expect(totals.treated == TreatedRequests(count: 9, failed: 1))
    }

    @Test("shows holds in a row as one when they have one reason and one share")
    func timeline() {
        let events = [
            event(0, .started, 10), event(1, .held, 10), event(2, .held, 10),
            event(3, .held, 10, because: "check-unreachable"), event(4, .held, 10), event(5, .advanced, 50),
            event(6, .held, 50), event(7, .completed, 50), event(8, .held, 10), event(9, .held, 20),
        ]
        let timeline = course(events).timeline
        #expect(timeline.map(\.count) == [1, 2, 1, 1, 1, 1, 1, 1, 1])
        #expect(timeline[1].from == .minutes(1))
        #expect(timeline[1].last == events[2])
        #expect(timeline.reduce(0) { $0 + $1.count } == events.count)
    }

    @Test("of nothing is empty")
    func empty() {
        #expect(course([]).timeline.isEmpty)
        #expect(course([]).totals.ticks == 0)
        #expect(course([]).totals.duration == .zero)
    }
}
