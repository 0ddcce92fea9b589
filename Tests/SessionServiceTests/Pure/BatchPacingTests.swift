import Testing

@testable import SessionService

@Suite("The pace of deltas")
struct BatchPacingTests {
    private let start = ContinuousClock.now

    @Test("is at once when the last one is old")
    func sendsAtOnce() {
        var pacing = BatchPacing()
        var verdict = pacing.staged(at: start)
        #expect(verdict == .sendNow)
        pacing.sent(at: start)
        verdict = pacing.staged(at: start + .milliseconds(10))
        #expect(verdict == .sendNow)
    }

    @Test("is what is left of ten milliseconds otherwise, asked for once")
    func waits() {
        var pacing = BatchPacing()
        pacing.sent(at: start)
        // Whoever sends it may come late.
        let verdicts = [4, 5, 50].map { pacing.staged(at: start + .milliseconds($0)) }
        #expect(verdicts == [.sendAfter(.milliseconds(6)), .isDue, .isDue])
        pacing.sent(at: start + .milliseconds(51))
        let next = pacing.staged(at: start + .milliseconds(52))
        #expect(next == .sendAfter(.milliseconds(9)))
    }

    @Test("is never more than a hundred a second", arguments: [1, 7, 100, 1_000])
    func boundsRate(microseconds: Int) {
        var pacing = BatchPacing()
        var sends: [ContinuousClock.Instant] = []
        var due: ContinuousClock.Instant?
        for tick in 0..<(1_000_000 / microseconds) {
            let now = start + .microseconds(tick * microseconds)
            if let time = due, time <= now {
                pacing.sent(at: now)
                sends.append(now)
                due = nil
            }
            switch pacing.staged(at: now) {
            case .sendNow:
                pacing.sent(at: now)
                sends.append(now)
            case .sendAfter(let delay): due = now + delay
            case .isDue: break
            }
        }
        #expect((90...100).contains(sends.count))
    }
}

@Suite("A batch of changes")
struct ChangeBatchTests {
    @Test("has the last change of each session, in the order in which they began")
    func replaces() {
        var batch = ChangeBatch()
        let changes: [SessionChange] = [
            .upsert(.made("a", name: "1")), .upsert(.made("b")), .upsert(.made("a", name: "2")),
            .remove(id: "b"),
        ]
        let replaced = changes.map { batch.add($0) }
        #expect(replaced == [false, false, true, true])
        let taken = batch.take()
        #expect(taken == [.upsert(.made("a", name: "2")), .remove(id: "b")])
        #expect(batch.isEmpty)
    }
}
