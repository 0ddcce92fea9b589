import Testing

@testable import ClientSimulation

@Suite("A client's jitter")
struct JitterTests {
    private func draws(seed: UInt64, client: UInt64) -> [UInt64] {
        var random = ClientRandom(seed: seed, client: client)
        return (0..<50).map { _ in random.next() }
    }

    @Test("is the same for the same seed and client, and shares no number with another's")
    func seeded() {
        #expect(draws(seed: 42, client: 7) == draws(seed: 42, client: 7))
        var seen: Set<UInt64> = []
        for client in 1...200 as ClosedRange<UInt64> { seen.formUnion(draws(seed: 42, client: client)) }
        seen.formUnion(draws(seed: 43, client: 1))
        #expect(seen.count == 201 * 50)
    }

    @Test("keeps intervals within a tenth, and uses all of that")
    func intervals() {
        var random = ClientRandom(seed: 1, client: 1)
        let drawn = (0..<5_000).map { _ in random.jittered(.seconds(10)) }
        #expect(drawn.allSatisfy { (.seconds(9))...(.seconds(11)) ~= $0 })
        #expect(drawn.contains { $0 < .seconds(9.1) } && drawn.contains { $0 > .seconds(10.9) })
    }

    @Test(
        "backs off below a limit that doubles up to half a minute, and never below a quarter second",
        arguments: [(0, 1), (1, 2), (2, 4), (4, 16), (5, 30), (6, 30), (1_000, 30)]
    )
    func backoff(failures: Int, limit: Int) {
        var random = ClientRandom(seed: 1, client: 1)
        let backoff = Backoff()
        let drawn = (0..<5_000).map { _ in backoff.delay(after: failures, using: &random) }
        let limit = Duration.seconds(limit)
        #expect(drawn.allSatisfy { (.milliseconds(250))...limit ~= $0 })
        #expect(drawn.contains(.milliseconds(250)), "the floor")
        #expect(drawn.contains { $0 > limit * 0.95 })
        // A uniform draw, but for the floor.
        let mean = drawn.reduce(.zero, +) / drawn.count
        #expect(mean > limit * 0.48 && mean < limit * 0.55)
    }
}
