import Assignment
import Rollout
import Stepping
import TidegateTestKit

@testable import Rehearsal

extension Rehearsal {
    /// A rehearsal of a named scenario.
    static func course(
        of policy: Policy = .example(),
        _ scenario: Scenario.Name,
        seed: UInt64 = 1,
        requestsPerSecond: Double = Scenario.defaultRequestsPerSecond
    ) throws -> Course {
        try Rehearsal(
            policy: policy,
            digest: Policy.exampleDigest,
            scenario: .named(scenario, requestsPerSecond: requestsPerSecond),
            seed: seed
        ).run()
    }
}

extension Course.End {
    /// How the end is called, without its reason.
    enum Kind: String, Sendable {
        case completed, rolledBack, waitsForPerson, outOfTime
    }

    var kind: Kind {
        switch self {
        case .completed: .completed
        case .rolledBack: .rolledBack
        case .waitsForPerson: .waitsForPerson
        case .outOfTime: .outOfTime
        }
    }
}

extension Scenario.Name {
    /// How a rollout ends in it, under deadlines as they are by default.
    var stated: Course.End.Kind {
        switch self {
        case .healthy, .flapping: .completed
        case .regression, .outage, .noData: .rolledBack
        case .noTraffic: .waitsForPerson
        }
    }
}

extension Policy {
    /// A small policy: everything a rehearsal depends on is drawn, within what operators write.
    static func small(_ random: inout SeededGenerator) -> Policy {
        let interval = Span.seconds([10, 30, 60, 300].randomElement(using: &random) ?? 60)
        let percentages = [5.0, 10, 25, 50, 100].shuffled(using: &random)
            .prefix(.random(in: 1...3, using: &random)).sorted()
        let ceilings = [
            Ceiling(
                limit: [0.005, 0.01, 0.05, 0.5].randomElement(using: &random) ?? 0.01,
                failures: #"failed_total{variant="sse"}"#,
                exposures: #"requests_total{variant="sse"}"#,
                minimumSamples: [1, 100, 500].randomElement(using: &random) ?? 100
            ),
            Ceiling(limit: 0.02, failures: #"all_total{status=~"5.."}"#, exposures: "all_total"),
        ]
        let bounds: [Bound] = [.max(0.1), .max(0), .min(0.99), .min(-5), .max(40)]
        let query = Query(
            expression: Bool.random(using: &random) ? "latency" : "rate(latency[$window])",
            bound: bounds.randomElement(using: &random) ?? .max(1),
            consecutive: .random(in: 1...3, using: &random)
        )
        let rules = ceilings.map { CheckRule.ceiling($0) } + [.query(query)]
        let count = Int.random(in: 1...3, using: &random)
        let checks = rules.shuffled(using: &random).prefix(count).enumerated()
            .map { Check(name: "check-\($0)", rule: $1) }
        let wait = interval * 6
        var policy = Policy.example(
            steps: percentages.map { ($0, interval * .random(in: 0...4, using: &random)) },
            checks: checks,
            deadlines: Deadlines(
                blind: Deadline(after: wait, action: .rollback),
                undecided: Deadline(after: interval * 20, action: .pause),
                tooFewSamples: Deadline(after: interval * 200, action: .pause),
                noTraffic: Deadline(after: wait, action: .pause)
            ),
            targets: .random(in: 1...2, using: &random),
            settle: .seconds(.random(in: 0...90, using: &random))
        )
        policy.interval = interval
        policy.metrics =
            switch Int.random(in: 0..<3, using: &random) {
            case 0: .scrape(ScrapeLocation(pages: ["http://127.0.0.1:8080/metrics"]))
            case 1: .prometheus(PrometheusLocation(url: "http://127.0.0.1:9090", lag: .seconds(100)))
            default: policy.metrics
            }
        return policy
    }
}
