import Analysis
import Rollout
import Testing
import TidegateTestKit

@Suite("A comparison")
struct ComparisonTests {
    private static func state(_ checks: Check..., settle: Span = .zero, percent: Double = 10) -> RolloutState
    {
        .at(
            percent,
            policy: .example(steps: [(10, .zero), (50, .zero), (100, .zero)], checks: checks, settle: settle)
        )
    }

    private func test(_ state: RolloutState, _ check: Int = 0) throws -> SequentialComparison {
        try #require(state.progress.checks[check].comparison).test
    }

    /// The same weather every minute, for so many minutes.
    private func ticks(_ state: RolloutState, _ weather: Weather, minutes: Int, from first: Int = 1)
        -> [Transition]
    {
        state.ticking((first..<first + minutes).map { (weather, .minutes(Int64($0))) })
    }

    @Test("asks for failures and exposures of both variants by their names")
    func questions() {
        let questions = Self.state(.comparison).questions(at: .newYear + .minutes(1))
        let roles: [MetricQuestion.Role] = [
            .treatmentFailures, .treatmentExposures, .controlFailures, .controlExposures,
        ]
        #expect(questions.map(\.role) == roles)
        let asked = #"minutes_failed_total{variant="polling"}"#
        let subject = MetricQuestion.Subject.count(
            selector: asked,
            from: .newYear,
            through: .newYear + .seconds(45)
        )
        #expect(questions[2].subject == subject)
    }

    @Test(
        "of durations asks for the bucket of the bound and the count",
        arguments: [
            (.milliseconds(250), #"seconds_bucket{variant="sse",le="0.25"}"#),
            (.seconds(1), #"seconds_bucket{variant="sse",le=~"1|1\\.0"}"#),
            (.milliseconds(2_500), #"seconds_bucket{variant="sse",le="2.5"}"#),
        ] as [(Span, String)]
    )
    func buckets(bound: Span, selector: String) {
        let questions = Self.state(.slowness(bound: bound)).questions(at: .newYear + .minutes(1))
        #expect(
            questions.map(\.role) == [
                .treatmentInTime, .treatmentExposures, .controlInTime, .controlExposures,
            ]
        )
        let through = Timestamp.newYear + .seconds(45)
        #expect(questions[0].subject == .count(selector: selector, from: .newYear, through: through))
        let count = #"seconds_count{variant="sse"}"#
        #expect(questions[1].subject == .count(selector: count, from: .newYear, through: through))
    }

    @Test("rolls back where the treatment fails beyond chance, and says by how much")
    func breach() throws {
        let weather = Weather.counting(failures: 600, of: 6_000, controlFailures: 54)
        let transitions = ticks(Self.state(.comparison), weather, minutes: 2)
        // From nothing, one look alone is never enough unless a quarter of all fail.
        #expect(transitions.map(\.decision) == [.held, .rolledBack])
        guard case .rolledBack(.breach(let check, let finding)) = transitions[1].state.phase else { return }
        #expect(check == "client-failures")
        #expect(finding.hasPrefix("treatment 10 × control (at least "))
        #expect(finding.contains("120 of 1,200 against 108 of 10,800"))
    }

    @Test("goes on after five intervals at least, where nothing speaks against it")
    func healthy() {
        let transitions = ticks(Self.state(.comparison), .healthy, minutes: 6)
        #expect(transitions.map(\.decision) == [.held, .held, .held, .held, .advanced, .held])
    }

    @Test("holds, undecided, while the treatment fails a little more often")
    func undecided() {
        let weather = Weather.counting(failures: 125, of: 6_000, controlFailures: 86)
        let check = Check.comparison(named: "strict", harmBudget: 1)
        let transitions = ticks(Self.state(check), weather, minutes: 7)
        #expect(transitions.allSatisfy { $0.decision == .held })
        #expect(transitions.last?.judgements.map(\.cause) == [.undecided])
        #expect(transitions.last?.state.waits.undecided != nil)
    }

    @Test("neither rolls back nor goes on while both arms fail ten times as often")
    func incident() {
        let before = ticks(
            Self.state(.comparison),
            .counting(failures: 60, of: 6_000, controlFailures: 54),
            minutes: 4
        )
        let state = before[before.count - 1].state
        let burning = Weather.counting(failures: 600, of: 6_000, controlFailures: 540)
        let during = ticks(state, burning, minutes: 10, from: 5)
        #expect(
            during.map(\.decision) == during.map { _ in .held },
            "\(during.map { $0.judgements.first?.text ?? "" })"
        )
        #expect(during.last?.judgements.first?.text.contains("the control itself") == true)
        let after = ticks(
            during[9].state,
            .counting(failures: 60, of: 6_000, controlFailures: 54),
            minutes: 12,
            from: 15
        )
        #expect(after.contains { $0.decision == .advanced })
    }

    @Test(
        "counts nothing where nothing can be counted",
        arguments: [
            (Weather.always(.noSignal), .noTraffic), (.always(.noData), .noData),
            (.counting(failures: 0, of: 0), .noTraffic),
            (.healthy.except(.controlFailures, .unreachable(message: "timeout")), .unreachable),
            (.healthy.except(.treatmentExposures, .partial(warnings: ["half"])), .partial),
            (.healthy.except(.controlExposures, .noData), .noData),
            (.counting(failures: 9_000, of: 6_000), .inconsistent),
            (.healthy.except(.treatmentFailures, .value(Reading(value: -1))), .inconsistent),
            (.healthy.except(.treatmentFailures, .value(Reading(value: .nan))), .notFinite),
            (.always(.value(Reading(value: 0, newestSample: .newYear))), .unchanged),
            (.always(.stale(newest: .newYear)), .stale), (.always(.firstLook), .firstLook),
        ] as [(Weather, Cause)]
    )
    func feedsNothing(weather: Weather, cause: Cause) throws {
        let state = Self.state(.comparison)
        let transition = state.ticked(weather, after: .minutes(1))
        #expect(transition.judgements.map(\.cause) == [cause])
        #expect(try test(transition.state) == test(state))
    }

    @Test("takes arms without a series of failures for healthy, but not without the bucket of the bound")
    func missingFailures() throws {
        let healthy = Weather.healthy.except(.treatmentFailures, .noData).except(.controlFailures, .noData)
        let state = Self.state(.comparison).ticked(healthy, after: .minutes(1)).state
        #expect(try test(state).step?.looks == 1)
        let slow = Self.state(.slowness()).ticked(
            .healthy.except(.treatmentInTime, .noData),
            after: .minutes(1)
        )
        #expect(slow.judgements.map(\.cause) == [.noData])
    }

    @Test("counts observations beyond the bound as failures")
    func slowness() throws {
        let weather = Weather.counting(failures: 600, of: 6_000, controlFailures: 54)
        let transitions = ticks(Self.state(.slowness()), weather, minutes: 2)
        #expect(
            try test(transitions[0].state).step?.counts.treatment == ArmCount(exposures: 600, failures: 60)
        )
        #expect(transitions[1].decision == .rolledBack)
    }

    @Test("rolls back a treatment that is silent for five intervals beside a talking control")
    func silence() {
        let silent = Weather.healthy.except(.treatmentExposures, .noData).except(.treatmentFailures, .noData)
        let transitions = ticks(Self.state(.comparison), silent, minutes: 5)
        #expect(transitions.map(\.decision) == [.held, .held, .held, .held, .rolledBack])
        #expect(transitions[0].judgements.map(\.cause) == [.tooFewSamples])
        #expect(transitions[4].judgements.map(\.cause) == [.treatmentSilent])
    }

    @Test("takes a treatment whose last samples are old for silent, where the control has new ones")
    func staleTreatment() throws {
        let stale = Outcome.stale(newest: .newYear)
        let dead = Weather.healthy.except(.treatmentExposures, stale).except(.treatmentFailures, stale)
        let transitions = ticks(Self.state(.comparison), dead, minutes: 5)
        #expect(transitions.map(\.decision) == [.held, .held, .held, .held, .rolledBack])
        let both = dead.except(.controlExposures, stale)
        #expect(ticks(Self.state(.comparison), both, minutes: 5).allSatisfy { $0.decision == .held })
    }

    @Test("does not take a handful of clients, of whom chance treated none, for dead")
    func handful() throws {
        let few = Weather { question in
            switch question.role {
            case .controlExposures: .value(Reading(value: 9, newestSample: question.through))
            default: .noData
            }
        }
        let transitions = ticks(Self.state(.comparison), few, minutes: 60)
        #expect(transitions.allSatisfy { $0.decision == .held })
        #expect(try test(transitions[59].state).step?.silence.reaches(ComparisonSettings().silence) == true)
    }

    @Test("needs no control where everybody has the treatment")
    func everybody() throws {
        let alone = Weather.healthy.except(.controlExposures, .noData).except(.controlFailures, .noData)
        let transition = Self.state(.comparison, percent: 100).ticked(alone, after: .minutes(1))
        #expect(try test(transition.state).step?.looks == 1)
    }

    @Test("does not take clients that are still switching for silent, nor their first interval for healthy")
    func settling() throws {
        let state = Self.state(.comparison, settle: .minutes(3))
        let silent = Weather.healthy.except(.treatmentExposures, .noData).except(.treatmentFailures, .noData)
        let transitions = ticks(state, silent, minutes: 6)
        #expect(transitions.allSatisfy { $0.decision == .held })
        #expect(try test(transitions[2].state).step?.silence.looks == 0)
        let healthy = ticks(state, .healthy, minutes: 4)
        #expect(try test(healthy[3].state).step?.looks == 4)
        #expect(try test(healthy[3].state).step?.settledLooks == 0)
    }

    @Test("never goes on in an interval without a single exposure of the control")
    func silentControl() {
        let state = ticks(Self.state(.comparison), .healthy, minutes: 4)[3].state
        let silent = Weather.healthy.except(
            .controlExposures,
            .value(Reading(value: 0, newestSample: .newYear + .minutes(5)))
        )
        .except(.controlFailures, .noData)
        let transition = state.ticked(silent, after: .minutes(5))
        #expect(transition.judgements.map(\.cause) == [.tooFewSamples])
    }

    @Test("shares its false alarms with the policy's other comparisons")
    func sharing() throws {
        let weather = Weather.counting(failures: 600, of: 6_000, controlFailures: 54).except(
            "quiet",
            .counting(failures: 60, of: 6_000, controlFailures: 54)
        )
        let needed = ComparisonSettings().evidenceToRollBack
        let one = ticks(Self.state(.comparison), weather, minutes: 3)
        let two = ticks(Self.state(.comparison, .comparison(named: "quiet")), weather, minutes: 3)
        #expect(one.firstIndex { $0.decision == .rolledBack } == 1)
        for transition in two.prefix(2) {
            let evidence = [
                try test(transition.state).evidenceOfHarm, try test(transition.state, 1).evidenceOfHarm,
            ]
            #expect((LogEValue.mean(evidence) >= needed) == (transition.decision == .rolledBack))
        }
        let breached = try #require(two.first { $0.decision == .rolledBack })
        #expect(breached.judgements.map(\.cause) == [.breached, .undecided])
    }

    @Test("does not roll back on evidence that is enough for one check alone and not for the mean of several")
    func mean() throws {
        let others = (1...8).map { Check.comparison(named: "quiet-\($0)") }
        var state = RolloutState.at(
            10,
            policy: .example(steps: [(10, .zero), (100, .zero)], checks: [.comparison] + others)
        )
        let quiet = Weather.counting(failures: 60, of: 6_000, controlFailures: 54)
        let weather = others.reduce(Weather.counting(failures: 130, of: 6_000, controlFailures: 54)) {
            $0.except($1.name, quiet)
        }
        let needed = ComparisonSettings().evidenceToRollBack
        var wasEnoughAlone = false
        for minute in 1...9 {
            let transition = state.ticked(weather, after: .minutes(Int64(minute)))
            state = transition.state
            let evidence = try test(state).evidenceOfHarm
            let isShared = LogEValue.mean(try (0...8).map { try test(state, $0).evidenceOfHarm }) >= needed
            #expect((transition.decision == .rolledBack) == isShared)
            if evidence >= needed, !isShared { wasEnoughAlone = true }
            if isShared { break }
        }
        #expect(wasEnoughAlone)
        #expect(state.phase.name == .rolledBack)
    }

    @Test("against an objective needs no control")
    func objective() {
        let state = Self.state(.objective(0.01))
        #expect(
            state.questions(at: .newYear + .minutes(1)).map(\.role) == [
                .treatmentFailures, .treatmentExposures,
            ]
        )
        let bad = state.ticked(.counting(failures: 240, of: 6_000), after: .minutes(1))
        #expect(bad.decision == .held)
        let worse = ticks(state, .counting(failures: 240, of: 6_000), minutes: 3)
        #expect(worse.contains { $0.decision == .rolledBack })
        let good = ticks(state, .counting(failures: 24, of: 6_000), minutes: 6)
        #expect(good.contains { $0.decision == .advanced })
    }
}
