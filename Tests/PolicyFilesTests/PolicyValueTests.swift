import Assignment
import PolicyFiles
import Rollout
import Testing
import TidegateTestKit

@Suite("A good policy")
struct PolicyValueTests {
    @Test("becomes the value that its file describes")
    func everything() throws {
        let path = Golden.fixtures("Policies/good/everything.yaml")
        let loaded = try PolicyFile.load(
            bytes: Reading.bytes(at: path),
            path: path,
            folder: Reading.folder,
            environment: Reading.environment
        )
        let expected = Policy(
            flag: "new-checkout",
            variants: Variants(treatment: "new", control: "old"),
            salt: "pepper",
            store: .sqlite(path: "/etc/tidegate/state/tidegate.sqlite"),
            interval: .seconds(30),
            steps: [
                Step(percentage: try #require(Percentage(percent: 0.5)), bake: .minutes(2)),
                Step(percentage: try #require(Percentage(percent: 12.5)), bake: .minutes(90)),
            ],
            metrics: .prometheus(
                PrometheusLocation(
                    url: "https://metrics.example.com/prometheus",
                    lag: .seconds(20),
                    staleAfter: .seconds(90),
                    timeout: .seconds(5),
                    credentials: .basic(
                        user: "tidegate",
                        password: .file(path: "/etc/tidegate/policies/secrets/password")
                    ),
                    headers: [
                        HeaderSetting(name: "X-Scope-OrgID", value: .text("team-a")),
                        HeaderSetting(
                            name: "X-Api-Key",
                            value: .file(path: "/etc/tidegate/policies/secrets/key")
                        ),
                    ],
                    tls: TLSFiles(
                        caFile: "/etc/ssl/ca.pem",
                        certificateFile: "/etc/tidegate/policies/client.pem",
                        keyFile: "/etc/tidegate/policies/client.key"
                    ),
                    seriesLimit: 50
                )
            ),
            checks: [
                Check(
                    name: "errors",
                    rule: .ceiling(
                        Ceiling(
                            limit: 0.005,
                            failures: "errors_total{pattern=\"${x}$\"}",
                            exposures: "requests_total",
                            minimumSamples: 20
                        )
                    )
                ),
                Check(
                    name: "latency",
                    rule: .query(
                        Query(
                            expression: """
                                histogram_quantile(0.99,  # the slowest hundredth
                                  sum by (le) (rate(request_seconds_bucket[$window])))
                                """,
                            bound: .max(1.5),
                            consecutive: 3,
                            unit: .seconds
                        )
                    )
                ),
                Check(
                    name: "success",
                    rule: .query(
                        Query(
                            expression: "sum(rate(ok_total[2m])) / sum(rate(requests_total[2m]))",
                            bound: .min(0.995),
                            unit: .ratio
                        )
                    )
                ),
            ],
            deadlines: Deadlines(
                blind: Deadline(after: .minutes(10), action: .rollback),
                undecided: Deadline(after: .hours(3), action: .pause),
                tooFewSamples: Deadline(after: .hours(2), action: .rollback),
                noTraffic: Deadline(after: .hours(24), action: .rollback)
            ),
            targets: [
                .file(path: "/srv/app/flags.json", format: .json, settle: .zero),
                .file(path: "/etc/tidegate/policies/app.env", format: .env, settle: .minutes(1)),
            ]
        )
        #expect(loaded.policy == expected)
        #expect(loaded.warnings.isEmpty)
    }

    @Test("has defaults for what it leaves out")
    func defaults() throws {
        let policy = try Reading.load(Written.policy()).policy
        #expect(policy.variants == Variants(treatment: "on", control: "off"))
        #expect(policy.salt == "checkout")
        #expect(policy.interval == .minutes(1))
        #expect(policy.deadlines == Deadlines())
        #expect(policy.targets.map(\.settle) == [.seconds(30)])
    }

    @Test(
        "takes a limit as a person writes it",
        arguments: [
            ("0.7%", 0.007), ("1%", 0.01), ("1 %", 0.01), ("0.01", 0.01), ("1e-3", 0.001), ("99.9%", 0.999),
        ]
    )
    func ratios(written: String, limit: Double) throws {
        let checks = "[{name: e, ceiling: \(written), failures: a_total, exposures: b_total}]"
        let policy = try Reading.load(Written.policy(["checks": checks])).policy
        #expect(
            policy.checks.map(\.rule) == [
                .ceiling(Ceiling(limit: limit, failures: "a_total", exposures: "b_total"))
            ]
        )
    }

    @Test(
        "takes a bound with its unit",
        arguments: [
            ("max: 100ms", Bound.max(0.1), QueryUnit.seconds), ("max: 2s", .max(2), .seconds),
            ("max: 1.5s", .max(1.5), .seconds), ("max: 1m30s", .max(90), .seconds),
            ("max: 0", .max(0), .none),
            ("min: -5", .min(-5), .none), ("min: 1e6", .min(1_000_000), .none),
            ("max: 2.5%", .max(0.025), .ratio),
            ("max: '2.5 %'", .max(0.025), .ratio), ("max: 0.25ms", .max(0.00025), .seconds),
        ]
    )
    func bounds(written: String, bound: Bound, unit: QueryUnit) throws {
        let policy = try Reading.load(Written.policy(["checks": "[{name: q, query: m, \(written)}]"])).policy
        #expect(policy.checks.map(\.rule) == [.query(Query(expression: "m", bound: bound, unit: unit))])
    }

    @Test(
        "keeps YAML's old booleans as the words they are",
        arguments: ["on", "off", "yes", "no", "y", "null0"]
    )
    func words(word: String) throws {
        let policy = try Reading.load(Written.policy(["variants": "{treatment: \(word), control: control}"]))
            .policy
        #expect(policy.variants.treatment == word)
    }

    @Test("cannot gain a key from the environment")
    func injection() throws {
        let text = Written.policy(["salt": "\"${SALT}\""])
        let loaded = try PolicyFile.load(
            text: text,
            path: "policy.yaml",
            folder: Reading.folder,
            environment: ["SALT": "x, stopsShort: true} # ${HOME} $${a}"]
        )
        #expect(loaded.policy.salt == "x, stopsShort: true} # ${HOME} $${a}")
    }
}
