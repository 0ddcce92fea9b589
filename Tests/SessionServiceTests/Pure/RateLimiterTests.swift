import SessionService
import Testing
import TidegateTestKit

@Suite("A rate limiter")
struct RateLimiterTests {
    private static let window = Duration.seconds(60)

    @Test("admits as many as it should within any window, and says when the next is due", arguments: 1...20)
    func keepsLimit(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = Int.random(in: 1...20, using: &random)
        var limiter = RateLimiter(limit: limit, window: Self.window)
        var admitted: [Duration] = []
        var now = Duration.zero
        for _ in 0..<2_000 {
            now += .milliseconds(Int64.random(in: 0...(120_000 / Int64(limit)), using: &random))
            let recent = admitted.filter { $0 > now - Self.window }
            let wait = limiter.wait(for: "a", at: now)
            switch limiter.admit("a", at: now) {
            case .admitted:
                #expect(recent.count < limit && wait == nil, "seed \(seed) at \(now)")
                admitted.append(now)
            case .refused(let retryAfter):
                #expect(recent.count == limit, "seed \(seed) at \(now)")
                #expect(retryAfter == recent[0] + Self.window - now && wait == retryAfter, "seed \(seed)")
            }
        }
    }

    @Test("admits at the very moment it named, and not before", arguments: 1...5)
    func isExact(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var limiter = RateLimiter(limit: 3, window: Self.window)
        var now = Duration.zero
        for _ in 0..<200 {
            guard case .refused(let wait) = limiter.admit("a", at: now) else {
                now += .milliseconds(Int64.random(in: 0...5_000, using: &random))
                continue
            }
            var other = limiter
            #expect(other.admit("a", at: now + wait - .nanoseconds(1)) != .admitted, "seed \(seed)")
            now += wait
            #expect(limiter.admit("a", at: now) == .admitted, "seed \(seed)")
        }
    }

    @Test("keeps callers apart")
    func keepsApart() {
        var limiter = RateLimiter(limit: 1, window: Self.window)
        #expect(limiter.admit("a", at: .zero) == .admitted)
        #expect(limiter.admit("b", at: .zero) == .admitted)
        #expect(limiter.admit("a", at: .zero) == .refused(retryAfter: Self.window))
    }

    @Test("passes no more around a window's end than within it")
    func hasNoSeam() {
        var limiter = RateLimiter(limit: 100, window: Self.window)
        for _ in 0..<100 { #expect(limiter.admit("a", at: .seconds(59)) == .admitted) }
        #expect(limiter.admit("a", at: .seconds(61)) == .refused(retryAfter: .seconds(58)))
    }

    @Test("remembers a bounded number of callers, and forgets no busy one")
    func isBounded() {
        var limiter = RateLimiter(limit: 2, window: Self.window, capacity: 100)
        for number in 0..<10_000 {
            _ = limiter.admit("\(number)", at: .zero)
            if number.isMultiple(of: 10) { _ = limiter.admit("busy", at: .zero) }
            #expect(limiter.keyCount <= 100)
        }
        #expect(limiter.admit("busy", at: .zero) != .admitted)
    }
}
