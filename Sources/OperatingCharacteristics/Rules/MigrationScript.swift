package import Analysis

/// The bash script that Tidegate replaces: 10 %, a look after a minute, 50 %, a look after five, everybody.
///
/// It asks for `rate(http_requests_total{status=~'5..'}[5m])`, takes the first series and compares it with 0.01: failed
/// requests per second of both arms, whatever the traffic is. Nothing stops it where there is no answer: `bc` gets no
/// number, prints an error, and the shell goes on as if the rate were low.
///
/// As it is written there never is an answer. curl takes the brackets of `[5m]` for a range of addresses, refuses it
/// (exit status 3), and `-s` keeps that quiet.
package struct MigrationScript: RolloutRule {
    /// Whether the query reaches Prometheus.
    private let asks: Bool
    private var window = TrailingWindow()
    private var waits = 0
    private var looks = 0
    private var isLastLook = false

    package init(asks: Bool) {
        self.asks = asks
    }

    private static let mostFailuresPerSecond = 0.01
    private static let secondsOfWindow = 300.0

    package mutating func begin(_ position: Position) {
        (waits, isLastLook) = position.step == 0 ? (1, false) : (5, true)
        looks = 0
    }

    package mutating func look(at counts: ComparedCounts?) -> RuleDecision {
        window.append(counts)
        looks += 1
        guard looks >= waits else { return .hold }
        if asks, let sum = window.sum {
            let failures = sum.treatment.failures + sum.control.failures
            if failures / Self.secondsOfWindow > Self.mostFailuresPerSecond { return .rollBack }
        }
        return isLastLook ? .complete : .advance
    }
}
