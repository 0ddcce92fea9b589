import Testing

@testable import SessionService

@Suite("The timing of a change")
struct BroadcastTimingTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test("ends when the last stream has it")
    func waitsForLast() {
        var timing = BroadcastTiming()
        timing.publish(1, to: 2, at: start)
        #expect(timing.wrote(1...1, at: at(1)) == [])
        #expect(timing.wrote(1...1, at: at(3)) == [.seconds(3)])
        #expect(timing.wrote(1...1, at: at(4)) == [])
    }

    @Test("does not wait for a stream that skips it, nor count the time that took")
    func ignoresSkipping() {
        var timing = BroadcastTiming()
        timing.publish(1, to: 2, at: start)
        #expect(timing.wrote(1...1, at: at(1)) == [])
        #expect(timing.skipped(1...1) == [.seconds(1)])
    }

    @Test("is none when nobody gets it")
    func ignoresNobody() {
        var timing = BroadcastTiming()
        timing.publish(1, to: 0, at: start)
        timing.publish(2, to: 1, at: start)
        #expect(timing.skipped(1...2) == [])
    }

    @Test("is each change's own when several are written at once")
    func timesEach() {
        var timing = BroadcastTiming()
        timing.publish(1, to: 1, at: start)
        timing.publish(2, to: 1, at: at(1))
        #expect(timing.wrote(1...2, at: at(2)) == [.seconds(2), .seconds(1)])
    }
}
