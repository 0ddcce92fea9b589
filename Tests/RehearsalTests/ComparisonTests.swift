import Analysis
import Assignment
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import Rehearsal

@Suite("A rehearsal of a comparison")
struct ComparisonTests {
    @Test("of a shared incident holds and then completes, where a ceiling rolls back")
    func sharedIncident() throws {
        let ceiling = Ceiling(
            limit: 0.025,
            failures: #"failed{variant="sse"}"#,
            exposures: #"requests{variant="sse"}"#
        )
        let limited = Policy.example(checks: [Check(name: "failures", rule: .ceiling(ceiling))])
        for seed in UInt64(1)...20 {
            let compared = try Rehearsal.course(of: .comparing(), .sharedIncident, seed: seed)
            #expect(compared.end == .completed, "seed \(seed)")
            #expect(compared.totals.largestExposure == .hundred)
            let blamed = try Rehearsal.course(of: limited, .sharedIncident, seed: seed)
            #expect(blamed.end.kind == .rolledBack, "seed \(seed)")
            #expect(blamed.totals.largestExposure == .percent(10), "seed \(seed)")
        }
    }

    @Test("bakes the last step beside those held back, and gives them the treatment when it completes")
    func heldBack() throws {
        let course = try Rehearsal.course(of: .comparing(), .healthy)
        let raises = course.events.filter { [.started, .advanced, .completed].contains($0.decision) }
        #expect(raises.map(\.exposure) == [10, 50, 95, 100].map { .percent($0) })
        #expect(course.totals.timeAtExposure.map(\.exposure) == [10, 50, 95].map { .percent($0) })
        // The last step takes ten looks that begin after a minute's settling, and the start's own.
        let last = course.totals.timeAtExposure.last?.time ?? .zero
        #expect(last >= .minutes(11))
        let words = course.events.last?.reasons.first?.text
        #expect(words == "the last step is baked; the flag goes from 95 % to 100 %")
        let all = try Rehearsal.course(of: .comparing(holdback: .zero), .healthy)
        #expect(all.totals.timeAtExposure.map(\.exposure) == [10, 50, 100].map { .percent($0) })
        #expect(all.events.last?.reasons.first?.text == "the last step is baked; the flag stays at 100 %")
    }

    @Test("rolls back a regression within a few intervals of the failing step")
    func regression() throws {
        for seed in UInt64(1)...20 {
            let course = try Rehearsal.course(of: .comparing(), .regression, seed: seed)
            #expect(course.totals.largestExposure == .percent(50), "seed \(seed)")
            let failing = course.totals.timeAtExposure.last?.time ?? .zero
            #expect(failing <= .minutes(4), "seed \(seed): \(failing)")
        }
    }

    @Test("counts an objective's clients alone, and what is slow instead of what fails")
    func forms() throws {
        let slow = ComparisonMeasure.slow(
            histogram: #"seconds{variant="$variant"}"#,
            bound: .milliseconds(250)
        )
        for policy in [
            Policy.comparing(objective: 0.01), .comparing(slow), .comparing(slow, objective: 0.01),
        ] {
            #expect(try Rehearsal.course(of: policy, .healthy).end == .completed)
            #expect(try Rehearsal.course(of: policy, .regression).end.kind == .rolledBack)
        }
    }

    @Test("counts every failure of either arm, where a ceiling on the same counters is spared by chance")
    func counts() {
        var policy = Policy.comparing()
        let (failed, requests) = (#"failed{variant="sse"}"#, #"requests{variant="sse"}"#)
        let ceiling = Ceiling(limit: 0.01, failures: failed, exposures: requests)
        policy.checks.append(Check(name: "ceiling", rule: .ceiling(ceiling)))
        let clock = VirtualClock(at: .newYear)
        let surroundings = ScenarioSurroundings(
            .named(.healthy, requestsPerSecond: 50),
            of: policy,
            seed: 3,
            clock: clock
        )
        let minutes = Int64(1_000)
        for minute in 1...minutes {
            surroundings.live(through: .newYear + .minutes(minute), exposing: .percent(1.5))
        }
        func count(_ selector: String, as role: MetricQuestion.Role) -> Double? {
            let question = MetricQuestion(
                check: "failures",
                role: role,
                subject: .count(selector: selector, from: .newYear, through: .newYear + .minutes(minutes))
            )
            let answers = surroundings.source.answer([question], deadline: .seconds(10))
            return answers.measurements.first?.outcome.reading?.value
        }
        // 0.2 % of 45,000: 90 ± 9.5; no minute alone has room for a whole failure below the limit.
        let failures = count(failed, as: .treatmentFailures) ?? 0
        #expect((35...145).contains(failures))
        #expect(count(failed, as: .failures) == 0)
        let treated = count(requests, as: .treatmentExposures) ?? 0
        #expect(abs(treated / 45_000 - 1) < 0.03)
        #expect(count(requests, as: .treatmentInTime) == treated - failures)
        let control = count(#"requests{variant="polling"}"#, as: .controlExposures) ?? 0
        #expect(abs(control / 2_955_000 - 1) < 0.01)
        let controlFailures = count(#"failed{variant="polling"}"#, as: .controlFailures) ?? 0
        #expect(abs(controlFailures / 5_910 - 1) < 0.08)
        #expect(count(#"requests{variant="polling"}"#, as: .controlInTime) == control - controlFailures)
    }

    // MARK: The past

    private func answers(_ policy: Policy, seed: UInt64 = 1) -> [HistoryAnswer] {
        let clock = VirtualClock(at: .newYear)
        let scenario = Scenario.named(.healthy)
        let surroundings = ScenarioSurroundings(scenario, of: policy, seed: seed, clock: clock)
        return surroundings.source.history(policy.historyQuestions(at: .newYear), deadline: .seconds(10))
    }

    @Test("begins with a day of the control's past, in which failures are independent of each other")
    func past() throws {
        let policy = Policy.comparing()
        let questions = policy.historyQuestions(at: .newYear)
        let histories = policy.histories(Array(zip(questions, answers(policy))))
        let progress = ComparisonProgress(try #require(histories["failures"]))
        // 0.5 % of 500 × 86,400.
        #expect(abs(progress.test.history.exposures / 43_200_000 - 1) < 0.001)
        #expect(abs(progress.test.history.failures / 216_000 - 1) < 0.015)
        #expect((0.85...1.15).contains(progress.test.dispersion.prior))
        let start = try Rehearsal.course(of: policy, .healthy).events[0]
        #expect(start.reasons.contains { $0.code == "history" }, "\(start.reasons)")
    }

    @Test("has the same past for the same seed, whatever is asked of it, and another for another")
    func reproducible() {
        let slow = ComparisonMeasure.slow(
            histogram: #"seconds{variant="$variant"}"#,
            bound: .milliseconds(250)
        )
        #expect(answers(.comparing(), seed: 7) == answers(.comparing(), seed: 7))
        #expect(answers(.comparing(), seed: 7) != answers(.comparing(), seed: 8))
        let (failures, inTime) = (answers(.comparing()), answers(.comparing(slow)))
        guard case .counts(let failed) = failures[0], case .counts(let prompt) = inTime[0],
            case .counts(let exposures) = failures[1]
        else {
            Issue.record("\(failures), \(inTime)")
            return
        }
        #expect(failures[1] == inTime[1])
        #expect(zip(failed, prompt).map { $0 + $1 } == exposures)
    }

    @Test("of a policy that reads pages has no past, as those have none")
    func pages() throws {
        var policy = Policy.comparing()
        policy.metrics = .scrape(ScrapeLocation(pages: ["http://127.0.0.1:8080/metrics"]))
        #expect(
            answers(policy) == [.unavailable("a page has no history"), .unavailable("a page has no history")]
        )
        let start = try Rehearsal.course(of: policy, .healthy).events[0]
        #expect(start.reasons.contains { $0.code == "history-unavailable" }, "\(start.reasons)")
    }
}
