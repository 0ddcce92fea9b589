import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@Suite("A split")
struct SplitTests {
    private static let clients = SplitMeasure.clients(selector: #"clients{variant="$variant"}"#)
    private static let minutes = SplitMeasure.exposures(
        selector: #"minutes_total{variant="$variant"}"#,
        every: .minutes(1)
    )

    private static func policy(
        _ measure: SplitMeasure,
        beside others: [Check] = [],
        settle: Span = .zero
    ) -> Policy {
        let split = Check(name: "split", rule: .split(Split(measure: measure)))
        return .example(steps: [(10, .zero), (100, .zero)], checks: others + [split], settle: settle)
    }

    private static func state(_ measure: SplitMeasure, beside others: [Check] = []) -> RolloutState {
        .at(10, policy: policy(measure, beside: others))
    }

    /// So many clients of each arm in every look.
    private func arms(_ treatment: Double, _ control: Double) -> Weather {
        .healthy.counting(.treatment, treatment).counting(.control, control)
    }

    private func causes(_ state: RolloutState, _ weathers: Weather...) -> [Cause] {
        state.ticking(weathers.enumerated().map { ($1, .minutes(Int64($0 + 1))) })
            .compactMap { $0.judgements.last?.cause }
    }

    @Test(
        "fits, holds or waits by what the clients of both arms show",
        arguments: [
            (100, 900, .healthy), (112, 888, .healthy), (0, 1_000, .splitMismatch),
            (300, 700, .splitMismatch),
            (150, 850, .splitMismatch), (1_000, 0, .splitMismatch),
            // Not by chance, but off by less than the tolerance.
            (1_009_000, 8_991_000, .healthy), (1_011_000, 8_989_000, .splitMismatch),
            (9, 81, .tooFewSamples), (0, 99, .tooFewSamples), (0, 0, .noTraffic),
        ] as [(Double, Double, Cause)]
    )
    func verdicts(treatment: Double, control: Double, cause: Cause) {
        #expect(causes(Self.state(Self.clients), arms(treatment, control)) == [cause])
    }

    @Test("asks for both variants by their names, one moment or one interval")
    func questions() {
        let moment = Timestamp.newYear + .seconds(45)
        let gauges = Self.state(Self.clients).questions(at: .newYear + .minutes(1))
        #expect(gauges.map(\.role) == [.treatment, .control])
        #expect(
            gauges.first?.subject
                == .value(
                    expression: #"sum(clients{variant="sse"})"#,
                    at: moment,
                    selectors: [#"clients{variant="sse"}"#]
                )
        )
        let counters = Self.state(Self.minutes).questions(at: .newYear + .minutes(1))
        #expect(
            counters.last?.subject
                == .count(selector: #"minutes_total{variant="polling"}"#, from: .newYear, through: moment)
        )
    }

    @Test("never rolls back and never promotes on a mismatch, and tells a person")
    func holds() {
        let transition = Self.state(Self.clients, beside: [.latency]).ticked(
            arms(300, 700),
            after: .minutes(1)
        )
        #expect(transition.decision == .held)
        #expect(transition.effect == nil)
        #expect(transition.reasons.first?.code == "check-split-mismatch")
        #expect(
            transition.reasons.first?.text
                == "split: 30 % of 1,000 clients have the treatment, but 10 % is published"
        )
        #expect(transition.need?.command == "audit")
        #expect(transition.state.waits == Waits())
    }

    @Test("shows a mismatch to a person although another check only takes time")
    func notHidden() {
        let thin = Weather.counting(failures: 0, of: 1).except("split", arms(300, 700))
        let transition = Self.state(Self.clients, beside: [.ceiling]).ticked(thin, after: .minutes(1))
        #expect(transition.need?.key == "mismatch-split")
    }

    @Test("does not keep a breach of another check from rolling back")
    func besideABreach() {
        let weather = Weather.failing.except("split", arms(300, 700))
        let transition = Self.state(Self.clients, beside: [.latency]).ticked(weather, after: .minutes(1))
        #expect(transition.decision == .rolledBack)
    }

    @Test("advances where it fits")
    func advances() {
        let transition = Self.state(Self.clients).ticked(arms(100, 900), after: .minutes(1))
        #expect(transition.effect == .raise(to: .showing(100, revision: 4)))
    }

    @Test("holds for as long as the mismatch lasts, and not longer")
    func recovers() {
        let wrong = arms(300, 700)
        let right = arms(100, 900)
        #expect(
            causes(Self.state(Self.clients), wrong, wrong, right)
                == [.splitMismatch, .splitMismatch, .healthy]
        )
    }

    @Test("takes a silent arm for nobody while the other talks, and both for blindness")
    func silence() {
        let state = Self.state(Self.clients)
        #expect(causes(state, arms(0, 1_000).except(.treatment, .noData)) == [.splitMismatch])
        #expect(causes(state, arms(1_000, 0).except(.control, .noData)) == [.splitMismatch])
        #expect(causes(state, arms(0, 99).except(.treatment, .noData)) == [.tooFewSamples])
        #expect(causes(state, .always(.noData)) == [.noData])
        let transition = state.ticked(.always(.noData), after: .minutes(1))
        #expect(transition.state.waits.blind != nil)
    }

    @Test(
        "cannot use what is no count",
        arguments: [
            (.unreachable(message: "503"), .unreachable), (.partial(warnings: []), .partial),
            (.stale(newest: .newYear), .stale), (.noSignal, .noTraffic), (.firstLook, .firstLook),
            (.value(Reading(value: -1)), .inconsistent), (.value(Reading(value: .nan)), .notFinite),
            (.value(Reading(value: .infinity)), .notFinite),
            (.value(Reading(value: 5, newestSample: .newYear)), .unchanged),
        ] as [(Outcome, Cause)],
        [MetricQuestion.Role.treatment, .control]
    )
    func unusable(answer: (outcome: Outcome, cause: Cause), role: MetricQuestion.Role) {
        let newest: Outcome? =
            answer.cause == .unchanged ? .value(Reading(value: 900, newestSample: .newYear)) : nil
        var weather = arms(100, 900)
        if let newest { weather = .always(newest) }
        weather = weather.except(role, answer.outcome)
        let transition = Self.state(Self.clients).ticked(weather, after: .minutes(1))
        #expect(transition.judgements.map(\.cause) == [answer.cause])
        #expect(transition.effect == nil)
    }

    @Test("does not take the same clients, counted again and again, for more of them")
    func repeatedMeasurements() {
        // 11.1 % of 1,000 clients: what chance brings every now and then, and sixty times of it does not.
        let ticks = (1...60).map { (arms(111, 889), Span.minutes(Int64($0))) }
        var state = Self.state(Self.minutes)
        state.phase = .paused(.byHand, step: 0)
        let judgements = state.ticking(ticks).compactMap(\.judgements.last)
        #expect(judgements.first?.cause == .notDue)
        #expect(judgements.dropFirst(2).allSatisfy { $0.cause == .healthy })
        // A tick covers a minute, and a client is counted once in it.
        let samples = judgements.last?.progress.latest?.samples ?? 0
        #expect((samples - 1_000).magnitude < 1)
        // Were they new clients each time, there would be no doubt.
        state.policy = Self.policy(.firstExposures(selector: #"seen_total{variant="$variant"}"#))
        let others = state.ticking(ticks).compactMap(\.judgements.last?.cause)
        #expect(others.contains(.splitMismatch))
    }

    @Test("counts nothing while clients may still be switching")
    func switching() {
        var state = Self.state(Self.minutes)
        state.policy = Self.policy(Self.minutes, settle: .seconds(30))
        state.phase = .paused(.byHand, step: 0)
        // Evidence may begin 90 s after the confirmation: the first interval that does is 105 s to 165 s.
        let causes = causes(state, arms(500, 500), arms(500, 500), arms(100, 900))
        #expect(causes == [.notDue, .notDue, .healthy])
    }

    @Test("expects everybody at 100 %, and notices who was left behind")
    func everybody() {
        let state = RolloutState.at(100, phase: .progressing(step: 1), policy: Self.policy(Self.clients))
        #expect(causes(state, arms(1_000, 0)) == [.healthy])
        #expect(causes(state, arms(1_000, 0).except(.control, .noData)) == [.healthy])
        #expect(causes(state, arms(998, 2)) == [.splitMismatch])
    }

    @Test("remembers what both counters stood at, and forgets its counts with the exposure")
    func remembers() throws {
        var measurements = arms(100, 900).measurements(
            of: Self.state(Self.minutes).questions(at: .newYear + .minutes(1))
        )
        for index in measurements.indices {
            measurements[index].counters = CounterMemory(at: .newYear, values: ["c": Double(index)])
        }
        let evidence = Evidence(measurements: measurements, sightings: Self.state(Self.minutes).untouched)
        let state = Self.state(Self.minutes).advanced(seeing: evidence, at: .newYear + .minutes(1)).state
        let memories = try #require(state.progress.checks.first?.memories)
        #expect(memories[.treatment]?.values == ["c": 0])
        #expect(memories[.control]?.values == ["c": 1])
        let questions = state.questions(at: .newYear + .minutes(2))
        #expect(questions.map(\.memory) == [memories[.treatment], memories[.control]])
        let copy = try JSONDecoder().decode(RolloutState.self, from: JSONEncoder().encode(state))
        #expect(copy == state)
    }

    @Test("does not keep a rollout from starting before anybody has the treatment")
    func preflight() throws {
        let policy = Self.policy(Self.clients)
        let questions = policy.trialQuestions(at: .newYear)
        let nobody = arms(0, 900).except(.treatment, .noData).measurements(of: questions)
        try policy.checkAnswerable(nobody, acceptingNoData: false)
        #expect(policy.judgedOnTrial(nobody, at: .newYear).map(\.cause) == [.notDue])
        let silent = Weather.always(.noData).measurements(of: questions)
        #expect(throws: Refused.self) { try policy.checkAnswerable(silent, acceptingNoData: false) }
    }
}

extension Weather {
    fileprivate func counting(_ role: MetricQuestion.Role, _ count: Double) -> Weather {
        Weather {
            $0.role == role ? .value(Reading(value: count, newestSample: $0.through)) : answer($0)
        }
    }
}
