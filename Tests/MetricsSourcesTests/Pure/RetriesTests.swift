import Glibc
import Rollout
import Testing

@testable import MetricsSources

@Suite("Asking again")
struct RetriesTests {
    @Test("says what failed, not that no time is left, when its wait outlasts the time it has")
    func saysWhatFailed() {
        let limit = Span.milliseconds(40)
        let oversleeping = Pacing(random: { _ in 1 }) { _ in usleep(80_000) }
        var rounds = 0
        let ends = Retries(within: limit, pacing: oversleeping).pursue(["up"], at: { "at \($0)" }) { open in
            rounds += 1
            return open.map { _ -> Verdict<Int> in .again(message: "nobody listens", tries: 5, after: nil) }
        }
        #expect(rounds == 1)
        guard case .failure(let failure) = ends["up"], case .unreachable(let why) = failure.outcome else {
            Issue.record("\(ends)")
            return
        }
        #expect(why == "at up: nobody listens")
    }
}
