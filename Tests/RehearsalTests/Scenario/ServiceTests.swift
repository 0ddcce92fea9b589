import Assignment
import Rollout
import Testing
import TidegateTestKit

@testable import Rehearsal

@Suite("The simulated service")
struct ServiceTests {
    private func conditions(_ scenario: Scenario.Name) -> Conditions {
        let named = Scenario.named(scenario, requestsPerSecond: 50)
        return Conditions(scenario: named, policy: .example(), start: .newYear)
    }

    /// Random stretches, and the counters after each.
    private func lived(_ scenario: Scenario.Name, seed: UInt64) -> [(Timestamp, Percentage, Service)] {
        var random = SeededGenerator(seed: seed)
        let service = Service(conditions(scenario), seed: seed, from: .newYear)
        var now = Timestamp.newYear
        return (0..<40).map { _ in
            now = now + .seconds(.random(in: 1...90, using: &random))
            let share = Percentage.percent(.random(in: 0...100, using: &random).rounded())
            service.live(through: now, exposing: share)
            return (now, share, service)
        }
    }

    @Test(
        "never lets chance break a limit, in whatever stretch one looks at",
        arguments: [.healthy, .flapping] as [Scenario.Name]
    )
    func withinLimits(scenario: Scenario.Name) {
        for seed in UInt64(1)...20 {
            let stretches = lived(scenario, seed: seed)
            for (index, (from, _, service)) in stretches.enumerated() {
                for (through, _, _) in stretches.dropFirst(index + 1) {
                    for arm in [Arm.treatment, .control, .both] {
                        let (before, after) = (
                            service.counts(of: arm, at: from), service.counts(of: arm, at: through)
                        )
                        let exposures = after.exposures - before.exposures
                        let failures = after.failuresWithinLimits - before.failuresWithinLimits
                        #expect(
                            Double(failures) <= Double(exposures) * 0.01,
                            "seed \(seed): \(failures) of \(exposures)"
                        )
                    }
                }
            }
        }
    }

    @Test("shows comparisons every failure: no fewer of an arm with few requests")
    func everyFailure() {
        let service = Service(conditions(.healthy), seed: 3, from: .newYear)
        // 45 requests of the treatment a minute: a limit of 1 % leaves no room for a whole failure.
        let minutes = Int64(10_000)
        for minute in 1...minutes {
            service.live(through: .newYear + .minutes(minute), exposing: .percent(1.5))
        }
        let treated = service.counts(of: .treatment)
        // 0.2 % of 450,000: 900 ± 30, six standard deviations.
        #expect((720...1_080).contains(treated.failures))
        #expect(treated.failuresWithinLimits == 0)
        // 0.2 % of 29,550,000: 59,100 ± 243.
        let control = service.counts(of: .control)
        #expect((57_600...60_600).contains(control.failures))
        #expect(control.failuresWithinLimits <= control.failures)
    }

    @Test("shows ceilings all of an incident")
    func incident() {
        let service = Service(conditions(.sharedIncident), seed: 3, from: .newYear)
        for minute in Int64(1)...40 {
            service.live(through: .newYear + .minutes(minute), exposing: .percent(50))
        }
        for arm in [Arm.treatment, .control] {
            let (before, after) = (
                service.counts(of: arm, at: .newYear + .minutes(1)),
                service.counts(of: arm, at: .newYear + .minutes(10))
            )
            let failures = after.failuresWithinLimits - before.failuresWithinLimits
            #expect(failures == after.failures - before.failures)
            // 2 % of 13,500: 270 ± 16.
            #expect((170...370).contains(failures), "\(arm)")
        }
    }

    @Test("has counters that only rise, also between two moments it lived through")
    func rising() {
        for seed in UInt64(1)...5 {
            let stretches = lived(.regression, seed: seed)
            guard let (end, _, service) = stretches.last else { return }
            var before = Counts()
            for second in 0..<Int64((end - .newYear).seconds) {
                let counts = service.counts(of: .both, at: .newYear + .seconds(second))
                #expect(
                    counts.exposures >= before.exposures && counts.failures >= before.failures
                        && counts.failuresWithinLimits >= before.failuresWithinLimits,
                    "seed \(seed), \(second)"
                )
                #expect(counts.failures <= counts.exposures)
                before = counts
            }
            #expect(before.exposures > 10_000)
        }
    }

    @Test("sends a share of its requests to the treatment, at the scenario's rate")
    func shares() {
        let service = Service(conditions(.healthy), seed: 3, from: .newYear)
        service.live(through: .newYear + .hours(10), exposing: .percent(25))
        let (treated, all) = (service.counts(of: .treatment), service.counts(of: .both))
        // 1,800,000 ± 1,342; 450,000 ± 671: six standard deviations.
        #expect((1_791_000...1_809_000).contains(all.exposures))
        #expect((445_500...454_500).contains(treated.exposures))
        #expect(service.counts(of: .control) + treated == all)
        // A fifth of 1 %, of 1,800,000: 3,600 ± 60.
        #expect((3_200...4_000).contains(all.failures))
    }

    @Test("fails with the treatment alone, from the failing step on")
    func regression() {
        let service = Service(conditions(.regression), seed: 3, from: .newYear)
        service.live(through: .newYear + .minutes(10), exposing: .percent(10))
        let before = service.counts(of: .treatment)
        #expect(before.failures * 100 < before.exposures)
        service.live(through: .newYear + .minutes(20), exposing: .percent(50))
        let treated = service.counts(of: .treatment)
        #expect((treated.failures - before.failures) * 10 > treated.exposures - before.exposures)
        let control = service.counts(of: .control)
        #expect(control.failures * 100 < control.exposures)
    }

    @Test("changes nothing when asked to live through what has passed")
    func past() {
        let service = Service(conditions(.healthy), seed: 3, from: .newYear)
        service.live(through: .newYear + .minutes(10), exposing: .percent(10))
        let counts = service.counts(of: .both)
        service.live(through: .newYear + .minutes(5), exposing: .percent(10))
        service.live(through: .newYear + .minutes(10), exposing: .percent(50))
        #expect(service.counts(of: .both) == counts)
        #expect(service.share(at: .newYear + .minutes(10)) == .percent(10))
    }
}
