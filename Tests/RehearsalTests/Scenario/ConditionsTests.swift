import Assignment
import Rollout
import Testing
import TidegateTestKit

@testable import Rehearsal

@Suite("A scenario under a policy")
struct ConditionsTests {
    private static let bounds: [(Bound, QueryUnit)] = [
        (.max(0.1), .seconds), (.max(0), .none), (.max(-3), .none), (.max(0.8), .ratio), (.max(0.01), .ratio),
        (.min(0.99), .ratio), (.min(0.5), .ratio), (.min(20), .none), (.min(0), .none), (.min(-3), .none),
    ]

    private func conditions(_ scenario: Scenario.Name, _ policy: Policy = .example()) -> Conditions {
        Conditions(scenario: .named(scenario), policy: policy, start: .newYear)
    }

    @Test(
        "answers queries within every kind of bound, and beyond it once the treatment fails",
        arguments: bounds
    )
    func values(bound: Bound, unit: QueryUnit) {
        let query = Query(expression: "value", bound: bound, unit: unit)
        for seed in UInt64(1)...50 {
            var random = SplitMix64(seed: seed)
            let moment = Timestamp.newYear + .seconds(Int64(seed) * 17)
            for scenario in [Scenario.Name.healthy, .flapping] {
                let value = conditions(scenario).value(of: query, exposing: .hundred, at: moment, &random)
                #expect(bound.holds(for: value), "seed \(seed), \(scenario): \(value)")
            }
            let regression = conditions(.regression)
            let early = regression.value(of: query, exposing: .percent(10), at: moment, &random)
            #expect(bound.holds(for: early), "seed \(seed): \(early)")
            let late = regression.value(of: query, exposing: .percent(50), at: moment, &random)
            #expect(!bound.holds(for: late), "seed \(seed): \(late)")
            if unit == .ratio { #expect((0...1).contains(late) && (0...1).contains(early)) }
        }
    }

    @Test(
        "loses its metrics in the middle of the first step's bake",
        arguments: [.outage, .noData] as [Scenario.Name]
    )
    func halfway(scenario: Scenario.Name) {
        let conditions = conditions(scenario, .example(steps: [(10, .minutes(6))]))
        #expect(conditions.silence(at: .newYear) == nil)
        #expect(conditions.silence(at: .newYear + .minutes(3)) == nil)
        for minutes in [4, 100, 10_000] as [Int64] {
            let silence = conditions.silence(at: .newYear + .minutes(minutes))
            switch scenario {
            case .noData: #expect(silence == .noData)
            default: #expect(silence == .unreachable(message: "metrics unreachable"))
            }
        }
    }

    @Test("loses them right after the start where the first bake is too short to have a middle")
    func shortBake() {
        let conditions = conditions(.outage, .example(steps: [(10, .minutes(2))]))
        #expect(conditions.silence(at: .newYear) == nil)
        #expect(conditions.silence(at: .newYear + .milliseconds(1)) != nil)
    }

    @Test("flaps for two ticks of four, or for one of three where two are too long for the policy")
    func flapping() {
        func away(_ conditions: Conditions) -> [Int64] {
            (0...9).filter { conditions.silence(at: .newYear + .minutes($0)) != nil }
        }
        #expect(away(conditions(.flapping)) == [2, 3, 6, 7])
        let hasty = Deadlines(blind: Deadline(after: .minutes(2), action: .rollback))
        #expect(away(conditions(.flapping, .example(deadlines: hasty))) == [2, 5, 8])
    }

    @Test("wanders between almost no failures and almost the limit")
    func wandering() {
        let conditions = conditions(.flapping)
        let ratios = (0..<70).map { conditions.baseline(at: .newYear + .seconds($0 * 6)).ratio }
        #expect(ratios.allSatisfy { (0.0001...0.01).contains($0) })
        #expect((ratios.min() ?? 1) < 0.001)
        #expect((ratios.max() ?? 0) > 0.008)
    }

    @Test("has no traffic from half-way on where the scenario says so")
    func noTraffic() {
        let conditions = conditions(.noTraffic, .example(steps: [(10, .minutes(6))]))
        #expect(conditions.requestsPerSecond(at: .newYear + .minutes(3)) == 500)
        #expect(conditions.requestsPerSecond(at: .newYear + .minutes(4)) == 0)
        #expect(self.conditions(.healthy).requestsPerSecond(at: .newYear + .hours(9)) == 500)
    }

    @Test("has ten times the failures for ten intervals from half-way on, and what the metrics lag behind")
    func incident() {
        let conditions = conditions(.sharedIncident, .example(steps: [(10, .minutes(6))]))
        func ratio(_ moment: Span) -> Double { conditions.baseline(at: .newYear + moment).ratio }
        // 30 s to settle and 15 s of lag.
        let last = Span.minutes(3 + 10) + .seconds(45)
        for moment in [.zero, .minutes(3), last + .seconds(1), .hours(9)] { #expect(ratio(moment) == 0.002) }
        for moment in [.minutes(3) + .seconds(1), .minutes(10), last] { #expect(ratio(moment) == 0.02) }
        var random = SplitMix64(seed: 1)
        let query = Query(expression: "value", bound: .max(0.1))
        let values = [Span.minutes(3), .minutes(10)].map { moment in
            conditions.value(of: query, exposing: .percent(10), at: .newYear + moment, &random)
        }
        #expect(values[0] < 0.1 && values[1] > 0.1)
    }

    @Test("is healthy at a fifth of the strictest limit, objectives among them, and of its own without any")
    func healthyRatio() {
        func ratio(_ policy: Policy) -> Double {
            conditions(.healthy, policy).baseline(at: .newYear).ratio
        }
        #expect(abs(ratio(.comparing()) - 0.005) < 1e-9)
        #expect(ratio(.comparing(objective: 0.01)) == 0.002)
        var mixed = Policy.comparing(objective: 0.05)
        mixed.checks.append(.ceiling)
        #expect(ratio(mixed) == 0.002)
    }

    @Test("fails with the treatment as often as every comparison and one of the ceilings can see")
    func failingRatio() {
        func ratio(_ policy: Policy) -> Double { conditions(.regression, policy).failingRatio }
        #expect(ratio(.comparing()) == 0.05)
        #expect(ratio(.comparing(objective: 0.01)) == 0.03)
        // Everybody's failures, at 50 %.
        let everybody = ComparisonMeasure.failures(selector: "failed", exposures: "requests")
        #expect(ratio(.comparing(everybody, objective: 0.01)) == 0.06)
        let ceiling = Ceiling(limit: 0.01, failures: #"failed{variant="sse"}"#, exposures: "requests")
        var mixed = Policy.comparing()
        mixed.checks.append(Check(name: "ceiling", rule: .ceiling(ceiling)))
        #expect(ratio(mixed) == 0.16)
    }

    @Test("fails with the treatment in the last step although some clients are held back from it")
    func failingLast() {
        var policy = Policy.comparing()
        policy.steps.removeFirst()
        let conditions = conditions(.regression, policy)
        #expect(policy.exposure(of: policy.steps[1]) == .percent(95))
        #expect(!conditions.isTreatmentFailing(exposing: .percent(50)))
        #expect(conditions.isTreatmentFailing(exposing: .percent(95)))
    }

    @Test(
        "counts for a comparison the clients whose variant its selectors name, wherever they name it",
        arguments: [
            (ComparisonMeasure.failures(selector: #"f{flag="$variant"}"#, exposures: "n"), Arm.treatment),
            (.slow(histogram: #"s{pool="$variant"}"#, bound: .seconds(1)), .treatment),
            (.failures(selector: #"f{variant="polling"}"#, exposures: "n"), .control),
            (.slow(histogram: "s", bound: .seconds(1)), .both),
        ]
    )
    func comparedArms(measure: ComparisonMeasure, arm: Arm) {
        let variants = Variants(treatment: "sse", control: "polling")
        let comparison = Comparison(measure: measure)
        #expect(comparison.counted(as: .treatment, variants) == arm)
        #expect(comparison.counted(as: .control, variants) == (arm == .treatment ? .control : arm))
    }

    @Test(
        "counts the arm that a selector names",
        arguments: [
            (#"m{variant="sse"}"#, Arm.treatment), (#"m{variant="polling"}"#, .control),
            (#"m{flag="sse", variant="polling"}"#, .control), (#"m{flag="sse", variant="sse"}"#, .treatment),
            (#"m{flag="sse"}"#, .both), (#"m{transport="sse"}"#, .treatment), ("m", .both),
            (#"m{variant!="polling"}"#, .treatment), (#"m{variant!~"sse"}"#, .control),
            (#"m{variant=~"sse|polling"}"#, .both), (#"m{variant="other", transport="sse"}"#, .both),
            ("sum(m)", .both), ("m{", .both),
        ]
    )
    func arms(selector: String, arm: Arm) {
        #expect(Arm(selector: selector, Variants(treatment: "sse", control: "polling")) == arm)
    }
}
