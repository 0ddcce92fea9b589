import PolicyFiles
import Rollout
import Testing

@Suite("The digest of a policy")
struct PolicyDigestTests {
    /// Each changes one field of ``Written/policy(_:)``.
    static let changes: [KeyValuePairs<String, String>] = [
        ["flag": "cart"],
        ["variants": "{treatment: new, control: off}"],
        ["variants": "{treatment: on, control: old}"],
        ["salt": "pepper"],
        ["state": "{sqlite: other.sqlite}"],
        ["interval": "61s"],
        ["steps": "[{percentage: 40, bake: 5m}, {percentage: 100, bake: 10m}]"],
        ["steps": "[{percentage: 50, bake: 6m}, {percentage: 100, bake: 10m}]"],
        ["steps": "[{percentage: 10, bake: 5m}, {percentage: 50, bake: 5m}, {percentage: 100, bake: 10m}]"],
        ["steps": "[{percentage: 50, bake: 5m}]", "stopsShort": "true"],
        ["metrics": "{prometheus: {url: http://localhost:9091}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, lag: 16s}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, staleAfter: 3m}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, timeout: 9s}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, seriesLimit: 499}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, username: a, passwordFile: p}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, username: b, passwordFile: p}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, username: b, passwordEnv: P}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, tokenFile: p}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, tokenEnv: P}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, headers: [{name: A, value: a}]}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, headers: [{name: A, valueFile: a}]}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, caFile: ca}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, certificateFile: c}}"],
        ["metrics": "{prometheus: {url: http://localhost:9090, certificateFile: c, keyFile: k}}"],
        ["metrics": "{scrape: http://localhost:9090}"],
        ["metrics": "{scrape: http://localhost:9091/metrics}"],
        ["metrics": "{scrape: [http://localhost:9091/metrics, http://localhost:9092/metrics]}"],
        ["metrics": "{scrape: [http://localhost:9092/metrics, http://localhost:9091/metrics]}"],
        ["metrics": "{scrape: {pages: http://localhost:9091/metrics, timeout: 9s}}"],
        ["metrics": "{scrape: {pages: http://localhost:9091/metrics, username: a, passwordFile: p}}"],
        ["metrics": "{scrape: {pages: http://localhost:9091/metrics, tokenEnv: P}}"],
        ["metrics": "{scrape: {pages: http://localhost:9091/metrics, headers: [{name: A, value: a}]}}"],
        ["metrics": "{scrape: {pages: http://localhost:9091/metrics, caFile: ca}}"],
        ["metrics": "{scrape: {pages: http://localhost:9091/metrics, certificateFile: c}}"],
        ["metrics": "{scrape: {pages: http://localhost:9091/metrics, certificateFile: c, keyFile: k}}"],
        ["checks": "[{name: faults, ceiling: 1%, failures: errors_total, exposures: requests_total}]"],
        ["checks": "[{name: errors, ceiling: 1.1%, failures: errors_total, exposures: requests_total}]"],
        ["checks": "[{name: errors, ceiling: 1%, failures: faults_total, exposures: requests_total}]"],
        ["checks": "[{name: errors, ceiling: 1%, failures: errors_total, exposures: all_total}]"],
        [
            "checks":
                "[{name: errors, ceiling: 1%, failures: errors_total, exposures: requests_total, minimumSamples: 99}]"
        ],
        ["checks": "[{name: errors, query: m, max: 1}]"],
        ["checks": "[{name: errors, query: n, max: 1}]"],
        ["checks": "[{name: errors, query: m, max: 2}]"],
        ["checks": "[{name: errors, query: m, min: 1}]"],
        ["checks": "[{name: errors, query: m, max: 1s}]"],
        ["checks": "[{name: errors, query: m, max: 1, consecutive: 2}]"],
        ["checks": "[{name: a, query: m, max: 1}, {name: b, query: n, max: 1}]"],
        ["checks": "[{name: b, query: n, max: 1}, {name: a, query: m, max: 1}]"],
        ["checks": "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant'}}]"],
        ["checks": "[{name: errors, compare: {failures: 'c_$variant', exposures: 'b_$variant'}}]"],
        ["checks": "[{name: errors, compare: {failures: 'a_$variant', exposures: 'c_$variant'}}]"],
        [
            "checks":
                "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant', tolerate: 1.6x}}]"
        ],
        [
            "checks":
                "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant', harmBudget: 2 per minute}}]"
        ],
        [
            "checks":
                "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant', minimumSamples: 99}}]"
        ],
        [
            "checks":
                "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant', objective: 1%}}]"
        ],
        [
            "checks":
                "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant', objective: 2%}}]"
        ],
        ["checks": "[{name: errors, compare: {durations: 'a_$variant', slowerThan: 1s}}]"],
        ["checks": "[{name: errors, compare: {durations: 'b_$variant', slowerThan: 1s}}]"],
        ["checks": "[{name: errors, compare: {durations: 'a_$variant', slowerThan: 2s}}]"],
        [
            "checks": "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant'}}]",
            "falseAlarms": "2%",
        ],
        [
            "checks": "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant'}}]",
            "holdback": "4%",
        ],
        ["deadlines": "{blind: 31m}"],
        ["deadlines": "{blind: {then: pause}}"],
        ["deadlines": "{undecided: 3h}"],
        ["deadlines": "{tooFewSamples: 3h}"],
        ["deadlines": "{noTraffic: 3h}"],
        ["publish": "[{file: {path: other.json, format: json}}]"],
        ["publish": "[{file: {path: flags.json, format: env}}]"],
        ["publish": "[{file: {path: flags.json, format: json, settle: 31s}}]"],
        ["publish": "[{file: {path: flags.json, format: json}}, {file: {path: b.env, format: env}}]"],
        ["publish": "[{file: {path: b.env, format: env}}, {file: {path: flags.json, format: json}}]"],
    ]

    @Test("differs for every change of meaning, and every change has words")
    func changes() throws {
        let policies = try ([[:]] + Self.changes).map { try Reading.load(Written.policy($0)) }
        for (index, one) in policies.enumerated() {
            for (number, other) in policies.enumerated() where number != index {
                let words = PolicyDigest.describeDifferences(from: one.policy, to: other.policy)
                #expect(one.digest != other.digest, "\(index) and \(number)")
                #expect(!words.isEmpty, "\(index) and \(number)")
                #expect(words.allSatisfy { !$0.contains("too small") }, "\(words)")
            }
            #expect(PolicyDigest.describeDifferences(from: one.policy, to: one.policy).isEmpty)
        }
    }

    @Test("does not change with comments, layout, the order of keys and the spelling of values")
    func layout() throws {
        let other = """
            # The same, written by somebody else.
            publish:
              - file:
                  format: json   # as before
                  path: "./flags.json"
            checks:
              - exposures: 'requests_total'
                failures: errors_total
                ceiling: 0.01
                minimumSamples: 100
                name: errors
            metrics: {"prometheus": {"url": "http://localhost:9090", "lag": "15000ms"}}
            interval: 1m
            variants: {control: off, treatment: on}
            steps:
              - bake: 300s
                percentage: 50%
              - {percentage: 100.0, bake: 600s}
            state:
              sqlite: ${NOWHERE:-state.sqlite}
            salt: checkout
            deadlines: {blind: 1800s, undecided: {then: pause}}
            flag: 'checkout'
            """
        let one = try Reading.load(Written.policy())
        let same = try Reading.load(other)
        #expect(one.policy == same.policy)
        #expect(one.digest == same.digest)
    }

    @Test("is the same on every machine and in every version")
    func pinned() throws {
        let digest = try Reading.load(Written.policy()).digest
        // Rollouts under way remember it: another value makes every one of them wait for 'accept-policy'.
        #expect(digest == "sha256:783c40fb91da0a160993d95c5540b9748ce0567d51936d9f3dd27fcf1a54600e")
    }

    @Test("of a comparison is the same on every machine and in every version, and however it is written")
    func pinnedComparison() throws {
        let short = "[{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant'}}]"
        let long = """
            [{name: errors, compare: {failures: 'a_$variant', exposures: 'b_$variant',
              tolerate: 1.50x, harmBudget: 60/h, minimumSamples: 100}}]
            """
        let digests = try [
            Written.policy(["checks": short]),
            Written.policy(["checks": long, "falseAlarms": "0.01", "holdback": "5%"]),
        ]
        .map { try Reading.load($0).digest }
        #expect(Set(digests) == ["sha256:b0cd182036823a5b22a1f0d11e2e88e2a13bed4cf66e85c30f5944e91aedd0cb"])
    }

    @Test("is the same for one page however it is written")
    func pages() throws {
        let page = "http://localhost:8080/metrics"
        let digests = try [
            "\(page)", "[\(page)]", "{pages: \(page)}", "{pages: [\(page)], timeout: 10000ms}",
        ]
        .map { try Reading.load(Written.policy(["metrics": "{scrape: \($0)}"])).digest }
        #expect(Set(digests).count == 1)
    }

    @Test("comes with words for what changed")
    func words() throws {
        let old = try Reading.load(Written.policy()).policy
        let new = try Reading.load(
            Written.policy([
                "steps":
                    "[{percentage: 40, bake: 5m}, {percentage: 60, bake: 10m}, {percentage: 100, bake: 10m}]",
                "checks": """
                [{name: server-errors, query: m, max: 1.5s},
                 {name: errors, ceiling: 0.7%, failures: errors_total, exposures: requests_total}]
                """,
                "metrics": "{prometheus: {url: http://localhost:9090, username: a, passwordEnv: P}}",
            ])
        ).policy
        #expect(
            PolicyDigest.describeDifferences(from: old, to: new) == [
                "steps[0].percentage: 50 % → 40 %",
                "steps[1].percentage: 100 % → 60 %",
                "metrics.prometheus.credentials: none → user 'a' with a password from the variable P",
                "check 'errors' ceiling: 1 % → 0.7 %",
                "steps[2] added",
                "check 'server-errors' added",
            ]
        )
        let kind = try Reading.load(Written.policy(["checks": "[{name: errors, query: m, max: 1}]"])).policy
        #expect(
            PolicyDigest.describeDifferences(from: old, to: kind).contains(
                "check 'errors' ceiling: 1 % → none"
            )
        )
        #expect(
            PolicyDigest.describeDifferences(from: old, to: kind).contains("check 'errors' max: none → 1.0")
        )
    }
}
