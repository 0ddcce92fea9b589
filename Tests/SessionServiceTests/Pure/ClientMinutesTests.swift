import Assignment
import SessionService
import Testing
import TidegateTestKit

@Suite("Client-minutes")
struct ClientMinutesTests {
    /// An allocation under which everybody has this variant.
    private static func everybody(_ variant: Variant) -> Assigner {
        let percentage = variant == .treatment ? Percentage.hundred : .zero
        return Assigner(Allocation(enabled: true, percentage: percentage, salt: "sse", revision: 1))
    }

    private func minutes(_ variant: Variant = .treatment, capacity: Int = 100) -> ClientMinutes {
        ClientMinutes(Self.everybody(variant), length: .seconds(60), capacity: capacity)
    }

    private func finished(_ minutes: inout ClientMinutes, at seconds: Int) -> [Variant: ClientMinutes.Tally] {
        minutes.sweep(at: .seconds(seconds))
        return minutes.takeFinished()
    }

    @Test("count at their end, not before, and once")
    func countsAtEnd() {
        var minutes = minutes()
        minutes.saw("a", at: .seconds(10))
        minutes.saw("a", at: .seconds(30))
        #expect(finished(&minutes, at: 69) == [:])
        #expect(finished(&minutes, at: 70) == [.treatment: .init(total: 1)])
        #expect(finished(&minutes, at: 500) == [:])
    }

    @Test("begin with each client's own first request")
    func areStaggered() {
        var minutes = minutes(.control)
        minutes.saw("a", at: .seconds(0))
        minutes.saw("b", at: .seconds(30))
        #expect(finished(&minutes, at: 60) == [.control: .init(total: 1)])
        #expect(finished(&minutes, at: 90) == [.control: .init(total: 1)])
    }

    @Test("fail when anything in them did, in that minute alone")
    func failsOnce() {
        var minutes = minutes()
        minutes.saw("a", at: .seconds(1), failed: true)
        minutes.saw("a", at: .seconds(2))
        minutes.saw("a", at: .seconds(3), failed: true)
        minutes.saw("a", at: .seconds(62))
        #expect(finished(&minutes, at: 122) == [.treatment: .init(total: 2, failed: 1)])
    }

    @Test("go on for as long as a stream is open")
    func countsOpenStreams() {
        var minutes = minutes()
        minutes.opened("a", at: .seconds(0))
        minutes.opened("a", at: .seconds(1))
        minutes.closed("a", at: .seconds(2))
        #expect(finished(&minutes, at: 300) == [.treatment: .init(total: 5)])
        minutes.closed("a", at: .seconds(310), failed: true)
        #expect(finished(&minutes, at: 600) == [.treatment: .init(total: 1, failed: 1)])
    }

    @Test("are the same in number for one long stream and for many requests")
    func countsBothTransportsAlike() {
        var streaming = minutes()
        var polling = minutes()
        streaming.opened("a", at: .zero)
        for second in stride(from: 0, through: 600, by: 7) { polling.saw("a", at: .seconds(second)) }
        #expect(finished(&streaming, at: 600) == finished(&polling, at: 600))
    }

    @Test("count for nobody when the assignment changed within them")
    func leavesOutMixed() {
        var minutes = minutes(.control)
        minutes.saw("a", at: .seconds(0))
        minutes.adopt(Self.everybody(.treatment), at: .seconds(30))
        minutes.saw("a", at: .seconds(40), failed: true)
        minutes.saw("a", at: .seconds(70))
        #expect(finished(&minutes, at: 60) == [:])
        #expect(finished(&minutes, at: 120) == [.treatment: .init(total: 1)])
    }

    @Test("count for nobody when the assignment changed there and back")
    func leavesOutThereAndBack() {
        var minutes = minutes(.control)
        minutes.saw("a", at: .seconds(0))
        minutes.adopt(Self.everybody(.treatment), at: .seconds(30))
        minutes.adopt(Self.everybody(.control), at: .seconds(31))
        #expect(finished(&minutes, at: 60) == [:])
    }

    @Test("count for the variant they had when the change came after their end")
    func settlesBeforeChange() {
        var minutes = minutes(.control)
        minutes.saw("a", at: .seconds(0))
        minutes.adopt(Self.everybody(.treatment), at: .seconds(61))
        #expect(minutes.takeFinished() == [.control: .init(total: 1)])
    }

    @Test("are not touched by an allocation that changes nothing for the client")
    func keepsUnchanged() {
        var minutes = minutes()
        minutes.saw("a", at: .seconds(0))
        minutes.adopt(Self.everybody(.treatment), at: .seconds(30))
        #expect(finished(&minutes, at: 60) == [.treatment: .init(total: 1)])
    }

    @Test("say who was there within the last two, and forget the others")
    func forgetsAbsent() {
        var minutes = minutes()
        minutes.saw("a", at: .seconds(0))
        minutes.opened("b", at: .seconds(0))
        minutes.sweep(at: .seconds(120))
        #expect(minutes.present == [.treatment: 2])
        minutes.sweep(at: .seconds(121))
        #expect(minutes.present == [.treatment: 1])
    }

    @Test("follow no more clients than there is room for, and say so")
    func boundsMemory() {
        var minutes = minutes(capacity: 2)
        for id in ["a", "b", "c", "c"] { minutes.saw(id, at: .zero) }
        #expect(minutes.takeRefused() == 2)
        #expect(minutes.takeRefused() == 0)
        #expect(finished(&minutes, at: 60) == [.treatment: .init(total: 2)])
    }

    @Test("are failed by a request that is turned away, and begun by none")
    func turnsAway() {
        var minutes = minutes(.treatment)
        minutes.turnedAway("nobody", at: .zero)
        minutes.saw("a", at: .zero)
        minutes.turnedAway("a", at: .seconds(1))
        #expect(finished(&minutes, at: 60) == [.treatment: .init(total: 1, failed: 1)])
    }

    @Test("stay right for as many clients as there is room for")
    func countsMany() {
        let count = 100_000
        var minutes = minutes(.control, capacity: count)
        for number in 0..<count {
            let id = "client-\(number)"
            if number.isMultiple(of: 2) { minutes.opened(id, at: .zero) }
            minutes.saw(id, at: .zero, failed: number.isMultiple(of: 10))
        }
        #expect(finished(&minutes, at: 60) == [.control: .init(total: count, failed: count / 10)])
        minutes.adopt(Self.everybody(.treatment), at: .seconds(61))
        #expect(minutes.present == [.treatment: count])
        // Only streams are there any longer; the minute of the change counts for nobody.
        #expect(finished(&minutes, at: 120) == [:])
        #expect(finished(&minutes, at: 180) == [.treatment: .init(total: count / 2)])
        #expect(minutes.present == [.treatment: count / 2])
    }

    @Test("never have more failures than minutes, whatever happens", arguments: [1, 2, 3] as [UInt64])
    func staysPlausible(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var minutes = minutes()
        var now = Duration.zero
        for _ in 0..<5_000 {
            now += .milliseconds(Int.random(in: 0...20_000, using: &random))
            let id = "client-\(Int.random(in: 0..<5, using: &random))"
            let failed = Bool.random(using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: minutes.opened(id, at: now)
            case 1: minutes.closed(id, at: now, failed: failed)
            case 2: minutes.adopt(Self.everybody(failed ? .treatment : .control), at: now)
            case 3: minutes.sweep(at: now)
            default: minutes.saw(id, at: now, failed: failed)
            }
            for tally in minutes.takeFinished().values {
                #expect(tally.failed <= tally.total, "seed \(seed)")
                // A client cannot have more minutes than time has passed.
                #expect(tally.total <= 5 * (Int(now.components.seconds) / 60), "seed \(seed)")
            }
        }
    }
}
