package import Assignment
package import Rollout

extension Policy {
    /// 10 → 50 → 100 %, each baked for two minutes; judged every minute by a ceiling and a query.
    ///
    /// Evidence is cut 15 s behind the clock and targets need 30 s to settle, as by default.
    package static func example(
        steps: [(percent: Double, bake: Span)] = [(10, .minutes(2)), (50, .minutes(2)), (100, .minutes(2))],
        checks: [Check] = [.ceiling, .latency],
        deadlines: Deadlines = Deadlines(),
        targets: Int = 1,
        settle: Span = .seconds(30)
    ) -> Policy {
        Policy(
            flag: "sse",
            variants: Variants(treatment: "sse", control: "polling"),
            store: .sqlite(path: "/tidegate.sqlite"),
            steps: steps.map { Step(percentage: .percent($0.percent), bake: $0.bake) },
            metrics: .prometheus(PrometheusLocation(url: "http://127.0.0.1:9090")),
            checks: checks,
            deadlines: deadlines,
            targets: (0..<targets).map { .file(path: "/flags-\($0).json", format: .json, settle: settle) }
        )
    }

    /// The digest tests say ``example(steps:checks:deadlines:targets:settle:)`` has.
    package static let exampleDigest = "sha256:example"
}

extension Check {
    /// At most 1 % of requests may fail; needs 100 of them.
    package static let ceiling = Check(
        name: "errors",
        rule: .ceiling(
            Ceiling(limit: 0.01, failures: #"requests_total{status=~"5.."}"#, exposures: "requests_total")
        )
    )

    /// At most 0.1 seconds.
    package static let latency = Check(
        name: "latency",
        rule: .query(Query(expression: "latency_seconds", bound: .max(0.1), unit: .seconds))
    )

    /// Failed client-minutes of both variants; so generous that a few thousand without a failure are enough.
    package static let comparison = comparison(named: "client-failures")

    package static func comparison(named name: String, harmBudget: Double = 100) -> Check {
        let measure = ComparisonMeasure.failures(
            selector: #"minutes_failed_total{variant="$variant"}"#,
            exposures: #"minutes_total{variant="$variant"}"#
        )
        return Check(name: name, rule: .comparison(Comparison(measure: measure, harmBudget: harmBudget)))
    }

    /// Observations slower than a bound, of both variants.
    package static func slowness(bound: Span = .milliseconds(250)) -> Check {
        let measure = ComparisonMeasure.slow(histogram: #"seconds{variant="$variant"}"#, bound: bound)
        return Check(name: "slowness", rule: .comparison(Comparison(measure: measure, harmBudget: 100)))
    }

    /// Failures of the treatment against a promised share.
    package static func objective(_ share: Double) -> Check {
        let measure = ComparisonMeasure.failures(
            selector: #"failed_total{variant="$variant"}"#,
            exposures: #"requests_total{variant="$variant"}"#
        )
        return Check(name: "objective", rule: .comparison(Comparison(measure: measure, objective: share)))
    }

    package static func query(_ expression: String, bound: Bound = .max(0.1), consecutive: Int = 1) -> Check {
        Check(
            name: "latency",
            rule: .query(Query(expression: expression, bound: bound, consecutive: consecutive))
        )
    }
}

extension Percentage {
    /// A share that a test knows to be one; nobody where it is not.
    package static func percent(_ percent: Double) -> Percentage { Percentage(percent: percent) ?? .zero }
}

extension Allocation {
    /// What the example policy publishes at a percentage; disabled at 0.
    package static func showing(_ percent: Double, revision: Int, salt: String = "sse") -> Allocation {
        Allocation(enabled: percent > 0, percentage: .percent(percent), salt: salt, revision: revision)
    }
}

extension Request {
    package static let ada = Request(actor: "ada", reason: "because")
}
