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
    /// How a rollout under a policy ends in it, where deadlines are as by default; nil where chance decides.
    func stated(under policy: Policy = .example()) -> Course.End.Kind? {
        switch self {
        case .healthy, .flapping: .completed
        case .regression, .outage, .noData: .rolledBack
        case .noTraffic: .waitsForPerson
        case .sharedIncident: policy.blamesIncidents
        }
    }
}

extension Policy {
    /// What looks at the treatment alone blames it; a comparison does as far as it has nothing to compare with.
    fileprivate var blamesIncidents: Course.End.Kind? {
        guard checks.count == comparisonChecks.count else { return .rolledBack }
        let hasControl = comparisonChecks.allSatisfy(\.comparison.hasControl)
        return hasControl && holdback > .zero ? .completed : nil
    }
}

/// What kind of small policy is drawn.
enum DrawnPolicy: CaseIterable {
    case limits
    case comparisons

    func policy(_ random: inout SeededGenerator) -> Policy {
        switch self {
        case .limits: .small(&random)
        case .comparisons: .compared(&random)
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

extension Policy {
    /// A small policy with one or two comparisons, alone or beside ceilings and queries.
    static func compared(_ random: inout SeededGenerator) -> Policy {
        var policy = Policy.small(&random)
        let measures: [ComparisonMeasure] = [
            .failures(selector: #"failed{variant="$variant"}"#, exposures: #"requests{variant="$variant"}"#),
            .slow(histogram: #"seconds{transport="$variant"}"#, bound: .milliseconds(250)),
        ]
        let comparisons = measures.shuffled(using: &random).prefix(.random(in: 1...2, using: &random))
            .enumerated()
            .map { index, measure in
                let objective = [nil, nil, 0.005, 0.02].randomElement(using: &random) ?? nil
                return Check(
                    name: "comparison-\(index)",
                    rule: .comparison(Comparison(measure: measure, objective: objective))
                )
            }
        let others = Bool.random(using: &random) ? policy.checks : []
        policy.checks = (comparisons + others).shuffled(using: &random)
        policy.comparisons = ComparisonTerms(
            holdback: Bool.random(using: &random) ? .zero : ComparisonTerms.defaultHoldback
        )
        // Pages have no past, which the last step needs where the steps before it were too short to tell.
        policy.metrics = .prometheus(
            PrometheusLocation(url: "http://127.0.0.1:9090", lag: policy.metrics.lag)
        )
        // Evidence takes time, not intervals.
        policy.deadlines.undecided = Deadlines().undecided
        return policy
    }

    /// 10 → 50 → 100 %, judged by one comparison alone.
    static func comparing(
        _ measure: ComparisonMeasure = .failures(
            selector: #"failed{variant="$variant"}"#,
            exposures: #"requests{variant="$variant"}"#
        ),
        objective: Double? = nil,
        holdback: Percentage = ComparisonTerms.defaultHoldback
    ) -> Policy {
        let comparison = Comparison(measure: measure, objective: objective)
        var policy = Policy.example(checks: [Check(name: "failures", rule: .comparison(comparison))])
        policy.comparisons = ComparisonTerms(holdback: holdback)
        return policy
    }
}
