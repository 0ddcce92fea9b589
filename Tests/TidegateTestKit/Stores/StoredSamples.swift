package import Assignment
package import Rollout

/// States and ledger entries with something in every corner, for stores to keep.
package enum StoredSamples {
    /// A rollout in its second step with an order under way.
    ///
    /// States of different revisions differ.
    package static func state(of flag: String = "sse", revision: Int = 7) -> RolloutState {
        var progress = StepProgress(
            confirmedAt: .newYear,
            baked: .seconds(61),
            lastTickAt: .newYear + .seconds(61),
            judgedTicks: 1,
            checks: [
                CheckProgress(
                    name: "server-errors",
                    through: .newYear + .seconds(60),
                    intervals: [IntervalCounts(failures: 0.1, exposures: 1e15 + 0.5)],
                    newestSample: .newYear + .seconds(59),
                    latest: CheckSummary(
                        cause: .healthy,
                        value: 1.0 / 3.0,
                        limit: 0.01,
                        samples: 300,
                        reason: "0.33 % of 300 – fine \"so far\"\n",
                        at: .newYear
                    )
                )
            ]
        )
        progress.checks[0].memories = CounterMemories([
            .failures: CounterMemory(at: .newYear, values: [:]),
            .exposures: CounterMemory(
                at: .newYear + .milliseconds(1),
                values: [#"http://a/metrics x{path="é \"q\"\n"}"#: 1e15 + 0.5]
            ),
        ])
        let raised = allocation(percent: 50, revision: revision)
        return RolloutState(
            flag: flag,
            generation: 2,
            policy: policy(of: flag),
            policyDigest: "sha256:abc",
            phase: .progressing(step: 0),
            revision: revision,
            confirmed: allocation(percent: 10, revision: revision - 1),
            intent: .raise(
                Raise(allocation: raised, entering: .paused(.deadline(.undecided), step: 1), before: progress)
            ),
            targets: [
                TargetRecord(identity: "file:/flags.json", published: raised),
                TargetRecord(identity: "file:/flags.env", published: nil),
            ],
            progress: progress,
            waits: Waits(undecided: .newYear),
            attention: Attention(key: "drift", toldAt: .newYear),
            startedAt: .newYear
        )
    }

    package static func entry(
        about flag: String = "sse",
        after seconds: Int64 = 0,
        key: String? = nil,
        text: String = "too few samples"
    ) -> LedgerEntry {
        LedgerEntry(
            at: .newYear + .seconds(seconds),
            flag: flag,
            generation: 2,
            revision: 7,
            event: .held,
            phase: .rolledBack(.breach(check: "server-errors", finding: "5 % > 1 %")),
            from: allocation(percent: 10, revision: 1).percentage,
            to: .zero,
            actor: "ada",
            reasons: [Reason(code: "too-few-samples", text: text)],
            policyDigest: "sha256:abc",
            coalescingKey: key
        )
    }

    package static func measurement(_ outcome: Outcome) -> Measurement {
        Measurement(
            question: MetricQuestion(
                check: "server-errors",
                role: .failures,
                subject: .count(
                    selector: #"http_requests_total{status=~"5.."}"#,
                    from: .newYear,
                    through: .newYear
                )
            ),
            outcome: outcome,
            notes: ["counted by increase()"]
        )
    }

    package static func allocation(percent: Double, enabled: Bool = true, revision: Int) -> Allocation {
        Allocation(
            enabled: enabled,
            percentage: Percentage(percent: percent) ?? .zero,
            salt: "sse",
            revision: revision
        )
    }

    private static func policy(of flag: String) -> Policy {
        Policy(
            flag: flag,
            variants: Variants(treatment: "sse", control: "polling"),
            store: .sqlite(path: "/var/lib/tidegate.sqlite"),
            steps: [Step(percentage: .hundred, bake: .minutes(5))],
            metrics: .prometheus(
                PrometheusLocation(
                    url: "http://127.0.0.1:9090",
                    credentials: .basic(user: "ops", password: .file(path: "/etc/password")),
                    headers: [HeaderSetting(name: "X-Scope-OrgID", value: .text("a"))]
                )
            ),
            checks: [
                Check(
                    name: "latency",
                    rule: .query(Query(expression: "up", bound: .max(0.1), unit: .seconds))
                )
            ],
            targets: [.file(path: "/flags.json", format: .json, settle: .seconds(30))]
        )
    }
}
