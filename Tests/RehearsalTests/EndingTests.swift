import Assignment
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import Rehearsal

@Suite("A rehearsal")
struct EndingTests {
    @Test("ends as its scenario says", arguments: Scenario.Name.allCases)
    func stated(scenario: Scenario.Name) throws {
        let course = try Rehearsal.course(scenario)
        #expect(course.end.kind == scenario.stated(), "\(course.end)")
    }

    @Test(
        "ends as stated whatever the seed and the policy",
        arguments: Scenario.Name.allCases,
        DrawnPolicy.allCases
    )
    func everySeed(scenario: Scenario.Name, drawn: DrawnPolicy) throws {
        for seed in UInt64(1)...50 {
            var random = SeededGenerator(seed: seed)
            let policy = drawn.policy(&random)
            let course = try Rehearsal.course(of: policy, scenario, seed: seed)
            let stated = scenario.stated(under: policy) ?? course.end.kind
            #expect(course.end.kind == stated, "seed \(seed): \(course.end) of \(policy)")
            var former = course.events[0]
            for event in course.events.dropFirst() {
                let isRaise = event.exposure > former.exposure
                #expect(!isRaise || event.unanswered == 0, "seed \(seed): raised blindly at \(event.elapsed)")
                #expect(!isRaise || event.judgements.count == policy.checks.count, "seed \(seed)")
                former = event
            }
        }
    }

    @Test("of flapping metrics takes longer than a healthy one, and holds in every tick without an answer")
    func flappingIsLater() throws {
        for seed in UInt64(1)...50 {
            var random = SeededGenerator(seed: seed)
            var policy = Policy.small(&random)
            // So long a bake that gaps fall into it, and so much traffic that waiting for samples, which takes as
            // long as chance has it, plays no part.
            policy.steps[0].bake = policy.interval * 6 + policy.metrics.lag
            func course(_ scenario: Scenario.Name) throws -> Course {
                try Rehearsal.course(of: policy, scenario, seed: seed, requestsPerSecond: 5_000)
            }
            let (healthy, flapping) = (try course(.healthy), try course(.flapping))
            #expect(flapping.totals.duration > healthy.totals.duration, "seed \(seed)")
            let blind = flapping.events.filter { $0.unanswered > 0 }
            #expect(!blind.isEmpty, "seed \(seed)")
            #expect(blind.allSatisfy { $0.decision == .held }, "seed \(seed)")
        }
    }

    @Test(
        "plays the same course for the same seed, and another for another",
        arguments: Scenario.Name.allCases
    )
    func reproducible(scenario: Scenario.Name) throws {
        let policy = Policy.example(steps: [(10, .minutes(6)), (50, .minutes(6))])
        func course(seed: UInt64) throws -> Course {
            try Rehearsal.course(of: policy, scenario, seed: seed)
        }
        let first = try course(seed: 7)
        #expect(try course(seed: 7) == first)
        #expect(try course(seed: 8) != first)
    }

    @Test("of a regression starts to fail at the second step, and its first tick there rolls back")
    func regression() throws {
        let course = try Rehearsal.course(.regression)
        let decisions = course.events.suffix(2).map(\.decision)
        #expect(decisions == [.advanced, .rolledBack])
        #expect(course.totals.largestExposure == .percent(50))
        let alone = try Rehearsal.course(of: .example(steps: [(100, .minutes(2))]), .regression)
        #expect(alone.end.kind == .rolledBack)
        #expect(alone.totals.largestExposure == .hundred)
    }

    @Test("of a regression that no check looks at ends well: that is what it is for")
    func blindSpot() throws {
        let control = #"{variant="polling"}"#
        let ceiling = Ceiling(limit: 0.01, failures: "failed\(control)", exposures: "requests\(control)")
        let policy = Policy.example(
            steps: [(10, .minutes(2)), (50, .minutes(2))],
            checks: [Check(name: "wrong-arm", rule: .ceiling(ceiling))]
        )
        let course = try Rehearsal.course(of: policy, .regression)
        #expect(course.end == .completed)
        // As hard as can be, for lack of a check that says how hard is enough.
        #expect(course.totals.treated.failed * 2 > course.totals.treated.count)
    }

    @Test(
        "stays at the first step when metrics or traffic are lost there",
        arguments: [.outage, .noData, .noTraffic] as [Scenario.Name]
    )
    func firstStep(scenario: Scenario.Name) throws {
        let course = try Rehearsal.course(scenario)
        #expect(course.totals.largestExposure == .percent(10))
    }

    @Test(
        "waits for a person where the policy pauses when it is blind",
        arguments: [.outage, .noData] as [Scenario.Name]
    )
    func pausedBlind(scenario: Scenario.Name) throws {
        let deadlines = Deadlines(blind: Deadline(after: .minutes(5), action: .pause))
        let course = try Rehearsal.course(of: .example(deadlines: deadlines), scenario)
        #expect(course.end.kind == .waitsForPerson)
        #expect(course.totals.largestExposure == .percent(10))
    }

    @Test("waits for a person where the traffic is too thin for a check")
    func thinTraffic() throws {
        let ceiling = Ceiling(limit: 0.01, failures: "failed", exposures: "requests", minimumSamples: 50_000)
        let policy = Policy.example(checks: [Check(name: "errors", rule: .ceiling(ceiling))])
        func course(_ requestsPerSecond: Double) throws -> Course {
            try Rehearsal.course(of: policy, .healthy, requestsPerSecond: requestsPerSecond)
        }
        #expect(try course(50).end == .completed)
        let thin = try course(5)
        #expect(thin.end == .waitsForPerson(why: "too few samples for longer than the policy allows"))
    }

    @Test("that neither ends nor stops runs out of time")
    func outOfTime() throws {
        let course = try Rehearsal(
            policy: .example(),
            digest: Policy.exampleDigest,
            clock: VirtualClock(at: .newYear),
            surroundings: Unmoved()
        ).run()
        #expect(course.end == .outOfTime)
        #expect(course.totals.largestExposure == .percent(10))
        #expect(course.totals.duration > .hours(6))
    }

    @Test("whose preflight finds nothing is refused like a real start")
    func refused() throws {
        #expect(throws: SteppingError.self) {
            try Rehearsal(
                policy: .example(),
                digest: Policy.exampleDigest,
                clock: VirtualClock(at: .newYear),
                surroundings: Unmoved(weather: .always(.noData))
            ).run()
        }
    }
}

/// Surroundings in which nothing is ever judged, and nothing is amiss.
private struct Unmoved: Surroundings {
    var weather = Weather.always(.firstLook)

    var source: any MetricsSource { ScriptedSource(weather) }
    var treated: TreatedRequests { TreatedRequests(count: 0, failed: 0) }

    func live(through moment: Timestamp, exposing share: Percentage) {}
}
