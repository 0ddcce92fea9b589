import Assignment
import PolicyFiles
import Rollout
import Testing

@Suite("A policy that compares")
struct ComparisonPolicyTests {
    private static let failures = ComparisonMeasure.failures(
        selector: "a_total{v=\"$variant\"}",
        exposures: "b_total{v=\"$variant\"}"
    )
    private static let measure = "failures: 'a_total{v=\"$variant\"}', exposures: 'b_total{v=\"$variant\"}'"

    @Test("has defaults for everything but what is counted")
    func defaults() throws {
        let policy = try load(Self.measure)
        #expect(policy.checks.map(\.rule) == [.comparison(Comparison(measure: Self.failures))])
        #expect(policy.comparisons == ComparisonTerms())
        #expect(policy.comparisons?.falseAlarms == 0.01)
        #expect(policy.holdback.percent == 5)
        #expect(policy.exposure(of: try #require(policy.steps.last)).percent == 95)
    }

    @Test("and one that does not has no terms")
    func noComparison() throws {
        #expect(try Reading.load(Written.policy()).policy.comparisons == nil)
    }

    @Test("becomes the value that its file describes")
    func everything() throws {
        let policy = try load(
            "durations: 'c_seconds{v=\"$variant\"}', slowerThan: 250ms, tolerate: 2x, harmBudget: 30 per hour, minimumSamples: 7",
            ["falseAlarms": "0.7%", "holdback": "2.5%"]
        )
        let expected = Comparison(
            measure: .slow(histogram: "c_seconds{v=\"$variant\"}", bound: .milliseconds(250)),
            tolerate: 2,
            harmBudget: 0.5,
            minimumSamples: 7
        )
        #expect(policy.checks.map(\.rule) == [.comparison(expected)])
        #expect(policy.comparisons?.falseAlarms == 0.007)
        #expect(policy.comparisons?.holdback.percent == 2.5)
    }

    @Test("with an objective alone needs neither variants nor anybody held back")
    func objective() throws {
        let policy = try load(
            "failures: a_total, exposures: b_total, objective: 0.7%",
            ["steps": "[{percentage: 97, bake: 5m}, {percentage: 100, bake: 10m}]"]
        )
        let expected = Comparison(
            measure: .failures(selector: "a_total", exposures: "b_total"),
            objective: 0.007
        )
        #expect(policy.checks.map(\.rule) == [.comparison(expected)])
        #expect(policy.comparisons == ComparisonTerms())
        #expect(policy.holdback == .zero)
    }

    @Test(
        "takes what is tolerated as a person writes it",
        arguments: [("1x", 1), ("1.5x", 1.5), ("1.5 x", 1.5), ("2×", 2), ("1.25", 1.25), ("10x", 10)]
    )
    func tolerate(written: String, ratio: Double) throws {
        #expect(try comparison("tolerate: \(written)").tolerate == ratio)
    }

    @Test(
        "takes a harm budget per second, minute, hour or day",
        arguments: [
            ("1 per minute", 1), ("2.5 per minute", 2.5), ("1/minute", 1), ("3 / min", 3), ("2/m", 2),
            ("1 per second", 60), ("0.5/s", 30), ("10/sec", 600),
            ("30 per hour", 0.5), ("120/h", 2), ("1440 per day", 1), ("720/d", 0.5),
        ]
    )
    func harmBudget(written: String, perMinute: Double) throws {
        #expect(try comparison("harmBudget: \(written)").harmBudget == perMinute)
    }

    @Test(
        "takes false alarms up to a tenth",
        arguments: [("10%", 0.1), ("0.1", 0.1), ("1 %", 0.01), ("0.01%", 0.0001), ("1e-3", 0.001)]
    )
    func falseAlarms(written: String, share: Double) throws {
        let loaded = try Reading.load(text(Self.measure, ["falseAlarms": written]))
        #expect(loaded.policy.comparisons?.falseAlarms == share)
        #expect(loaded.warnings.isEmpty)
    }

    @Test(
        "holds back what its algorithm can tell apart, up to half",
        arguments: [
            ("flagd-v2", "0.001%"), ("flagd-v3", "50"), ("unleash", "1%"), ("growthbook-v2", "0.02%"),
        ]
    )
    func holdback(algorithm: String, written: String) throws {
        let steps = "[{percentage: 10, bake: 5m}, {percentage: 100, bake: 10m}]"
        let policy = try load(
            Self.measure,
            ["steps": steps, "algorithm": algorithm, "holdback": written]
        )
        let last = policy.exposure(of: try #require(policy.steps.last))
        #expect(last < .hundred)
        #expect(policy.algorithm.treatedBuckets(at: last) < policy.algorithm.bucketCount)
    }

    @Test("has steps up to just below what the last one is baked at")
    func steps() throws {
        func steps(_ percent: String) -> KeyValuePairs<String, String> {
            ["steps": "[{percentage: \(percent), bake: 5m}, {percentage: 100, bake: 10m}]"]
        }
        #expect(Reading.codes(text(Self.measure, steps("94.999"))) == [])
        #expect(Reading.codes(text(Self.measure, steps("95"))) == ["step-within-holdback"])
    }

    @Test("is warned of a bake that ends before a comparison can", arguments: ["1m", "30s"])
    func shortBakes(interval: String) throws {
        let span = try #require(Span(text: interval))
        func codes(_ first: Int64, _ last: Int64, shorter: Span = .zero) -> [String] {
            let (one, other) = (span * first - shorter, span * last - shorter)
            return Reading.codes(
                text(
                    Self.measure,
                    [
                        "interval": interval,
                        "steps": "[{percentage: 50, bake: \(one)}, {percentage: 100, bake: \(other)}]",
                    ]
                )
            )
        }
        #expect(codes(5, 10) == [])
        #expect(codes(5, 10, shorter: .milliseconds(1)) == ["short-bake", "short-bake"])
        #expect(codes(4, 10) == ["short-bake"])
        #expect(codes(5, 9) == ["short-bake"])
    }

    private func comparison(_ more: String) throws -> Comparison {
        let policy = try load("\(Self.measure), \(more)")
        return try #require(policy.comparisonChecks.first?.comparison)
    }

    private func load(_ compare: String, _ sections: KeyValuePairs<String, String> = [:]) throws -> Policy {
        try Reading.load(text(compare, sections)).policy
    }

    /// A policy whose only check compares.
    private func text(_ compare: String, _ sections: KeyValuePairs<String, String> = [:]) -> String {
        let more = sections.map { "\($0.key): \($0.value)\n" }.joined()
        let written = Written.policy(["checks": "[{name: errors, compare: {\(compare)}}]"])
        let kept = written.split(separator: "\n").filter { line in
            !sections.contains { line.hasPrefix("\($0.key):") }
        }
        return kept.map { "\($0)\n" }.joined() + more
    }
}
