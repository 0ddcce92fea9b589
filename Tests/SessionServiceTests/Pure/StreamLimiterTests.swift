import HTTPTypes
import Testing

@testable import SessionService

@Suite("The limits of streams")
struct StreamLimiterTests {
    private var limits = ServiceLimits()

    init() {
        limits.streams = 4
        limits.streamsPerCaller = 2
        limits.streamOpenings = 3
        limits.streamOpeningsPerSecond = 5
    }

    @Test("are the caller's own, and everybody's")
    func boundsOpen() {
        let limiter = Limiter(limits, capacity: 3)
        for caller in ["a", "a", "b"] { #expect(limiter.reserve(caller, at: .zero) == nil) }
        #expect(limiter.reserve("c", at: .zero) == .full)
        limiter.release("b")
        #expect(limiter.reserve("a", at: .zero) == .callerFull)
        #expect(limiter.reserve("c", at: .zero) == nil)
        #expect(limiter.count == 3)
    }

    @Test("are those of the settings where the process could hold more")
    func boundsBySettings() {
        let limiter = Limiter(limits, capacity: 1_000)
        for caller in ["a", "b", "c", "d"] { #expect(limiter.reserve(caller, at: .zero) == nil) }
        #expect(limiter.reserve("e", at: .zero) == .full)
    }

    @Test("say when a caller that opens too often may do so again")
    func boundsCallerRate() {
        let limiter = Limiter(limits, capacity: 100)
        for second in 0..<3 {
            #expect(limiter.reserve("a", at: .seconds(second)) == nil)
            limiter.release("a")
        }
        #expect(limiter.reserve("a", at: .seconds(10)) == .callerRate(retryAfter: .seconds(50)))
        #expect(limiter.count == 0)
        #expect(limiter.reserve("a", at: .seconds(60)) == nil)
    }

    @Test("bound how many are opened within a second by all together")
    func boundsRate() {
        let limiter = Limiter(limits, capacity: 100)
        for caller in ["a", "b", "c", "d", "e"] {
            #expect(limiter.reserve(caller, at: .zero) == nil)
            limiter.release(caller)
        }
        #expect(limiter.reserve("f", at: .milliseconds(999)) == .rate)
        #expect(limiter.reserve("f", at: .seconds(1)) == nil)
    }

    @Test("take nothing from others when one caller is refused again and again")
    func isFair() {
        let limiter = Limiter(limits, capacity: 100)
        for _ in 0..<100 { _ = limiter.reserve("a", at: .zero) }
        #expect(limiter.count == 2)
        #expect(limiter.reserve("b", at: .zero) == nil)
    }

    @Test("give nothing back that was not taken")
    func releasesTaken() {
        let limiter = Limiter(limits, capacity: 100)
        limiter.release("a")
        #expect(limiter.count == 0)
    }
}

/// A limiter that remembers, so that an expectation can ask it.
private final class Limiter {
    private var limiter: StreamLimiter

    init(_ limits: ServiceLimits, capacity: Int) {
        limiter = StreamLimiter(limits, capacity: capacity)
    }

    var count: Int { limiter.count }

    func reserve(_ caller: String, at now: Duration) -> StreamLimiter.Refusal? {
        limiter.reserve(caller, at: now)
    }

    func release(_ caller: String) { limiter.release(caller) }
}

@Suite("The admission of streams")
struct StreamAdmissionTests {
    private func admission() -> StreamAdmission {
        let metrics = MadeMetrics()
        return StreamAdmission(
            StreamLimiter(ServiceLimits(), capacity: 1),
            metrics: ServiceMetrics(metrics.page, flag: "sse", names: VariantNames())
        )
    }

    @Test("gives a place back once, though it is given back twice and let go of")
    func releasesOnce() throws {
        let admission = admission()
        do {
            let slot = try admission.admit("a")
            #expect(admission.count == 1)
            slot.release()
            let other = try admission.admit("b")
            slot.release()
            #expect(admission.count == 1)
            _ = other
        }
        #expect(admission.count == 0)
    }

    @Test("takes a place back that nobody ever used")
    func releasesUnused() throws {
        let admission = admission()
        _ = try admission.admit("a")
        #expect(admission.count == 0)
    }

    @Test("says when to come back")
    func saysWhen() throws {
        let admission = admission()
        let slot = try admission.admit("a")
        let problem = #expect(throws: Problem.self) { try admission.admit("b") }
        #expect(problem?.status == .serviceUnavailable)
        #expect((1...10).contains(problem?.retryAfterSeconds ?? 0))
        slot.release()
    }
}
