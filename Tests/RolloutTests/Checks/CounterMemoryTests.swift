import Assignment
import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@Suite("Counting from memory")
struct CounterMemoryTests {
    private static let policy: Policy = {
        var policy = Policy.example(checks: [.ceiling], settle: .zero)
        policy.metrics = .scrape(ScrapeLocation(pages: ["http://127.0.0.1:8080/metrics"]))
        return policy
    }()

    private let start = RolloutState.at(10, policy: policy)

    private func progress(_ state: RolloutState) throws -> CheckProgress {
        try #require(state.progress.checks.first)
    }

    @Test("remembers the first look, judges nothing by it, and counts from it")
    func firstLook() throws {
        let first = start.ticked(Page(failures: 7, exposures: 5_000), after: .minutes(1))
        #expect(first.judgements.map(\.cause) == [.firstLook])
        #expect(first.state.waits == Waits())
        let seen = try progress(first.state)
        #expect(seen.memories?[.exposures] == CounterMemory(at: .newYear + .minutes(1), values: ["c": 5_000]))
        #expect(seen.memories?[.failures] == CounterMemory(at: .newYear + .minutes(1), values: ["c": 7]))
        #expect(seen.through == .newYear + .minutes(1))
        #expect(seen.intervals.isEmpty)
        let second = first.state.ticked(Page(failures: 8, exposures: 5_200), after: .minutes(2))
        #expect(second.judgements.map(\.cause) == [.healthy])
        #expect(try progress(second.state).intervals == [IntervalCounts(failures: 1, exposures: 200)])
    }

    @Test("bakes nothing by a first look, and leaves every clock as it is")
    func firstLookIsNoEvidence() {
        var state = start
        state.waits.blind = .newYear - .minutes(5)
        let tick = state.ticked(Page(failures: 0, exposures: 5_000), after: .minutes(1))
        #expect(tick.state.progress.baked == state.progress.baked)
        #expect(tick.state.waits == state.waits)
        #expect(tick.state.progress.judgedTicks == 0)
    }

    @Test("never advances on a first look, however long the bake has been over")
    func firstLookHolds() {
        var state = start
        state.progress.baked = .hours(9)
        let tick = state.ticked(Page(failures: 0, exposures: 5_000), after: .minutes(1))
        #expect(tick.decision == .held)
        #expect(tick.effect == nil)
    }

    @Test(
        "keeps what it counts from through ticks without an answer, and loses nothing",
        arguments: [
            Outcome.unreachable(message: "refused"), .partial(warnings: ["one page"]), .noData,
            .refused(.malformed, message: "torn"), .stale(newest: .newYear),
        ]
    )
    func unanswered(outcome: Outcome) throws {
        let look = start.ticked(Page(failures: 0, exposures: 1_000), after: .minutes(1)).state
        var state = look
        for minute in 2...4 as ClosedRange<Int64> {
            // Whatever such an answer says it saw, nothing of it was counted.
            let blind = state.ticked(Page(outcome: outcome), after: .minutes(minute))
            #expect(blind.judgements.map(\.cause.isBlind) == [true])
            state = blind.state
            #expect(try progress(state).memories == progress(look).memories)
            #expect(try progress(state).through == progress(look).through)
        }
        let back = state.ticked(Page(failures: 2, exposures: 1_400), after: .minutes(5))
        #expect(back.judgements.map(\.cause) == [.healthy])
        #expect(try progress(back.state).intervals == [IntervalCounts(failures: 2, exposures: 400)])
    }

    @Test("counts a first failure from nothing, and exposures whose series came late")
    func births() throws {
        let look = start.ticked(Page(failures: nil, exposures: nil), after: .minutes(1))
        #expect(look.judgements.map(\.cause) == [.noData])
        let healthy = look.state.ticked(Page(failures: nil, exposures: 300), after: .minutes(2))
        #expect(healthy.judgements.map(\.cause) == [.healthy])
        let failing = healthy.state.ticked(Page(failures: 30, exposures: 600), after: .minutes(3))
        #expect(failing.judgements.map(\.cause) == [.breached])
        #expect(failing.decision == .rolledBack)
    }

    @Test("does not hide behind a first look that failures cannot be had")
    func hidden() {
        var answers = Page(failures: 0, exposures: 5_000).measurements(
            of: questions(start, after: .minutes(1))
        )
        for index in answers.indices where answers[index].question.role == .failures {
            answers[index].outcome = .refused(.request, message: "a gauge")
            answers[index].counters = nil
        }
        let tick = start.advanced(
            seeing: Evidence(
                measurements: answers,
                sightings: start.untouched,
                policyDigest: start.policyDigest
            ),
            at: .newYear + .minutes(1)
        )
        #expect(tick.judgements.map(\.cause) == [.refused])
        #expect(tick.state.progress.checks.first?.memories == nil)
    }

    @Test("takes a new step's first interval from the look that decided it")
    func nextStep() throws {
        let raised = try raise()
        let now = Timestamp.newYear + .minutes(2) + .seconds(2)
        let confirmed = raised.confirming("file:/flags-0.json", shows: .showing(50, revision: 4), at: now)
        #expect(confirmed.phase == .progressing(step: 1))
        let carried = try progress(confirmed)
        #expect(
            carried.memories?[.exposures] == CounterMemory(at: .newYear + .minutes(2), values: ["c": 2_000])
        )
        #expect(carried.through == now)
        #expect(carried.intervals.isEmpty)
        #expect(carried.knownSeries == nil)
        let next = confirmed.ticked(Page(failures: 0, exposures: 2_500), after: .minutes(4))
        #expect(try progress(next.state).intervals == [IntervalCounts(failures: 0, exposures: 500)])
    }

    @Test("takes nothing into a new step that was read longer before it than a look may take")
    func tooOld() throws {
        let timeout = Self.policy.metrics.timeout
        for (late, isKept) in [(timeout, true), (timeout + .milliseconds(1), false)] {
            let now = Timestamp.newYear + .minutes(2) + late
            let confirmed = try raise()
                .confirming("file:/flags-0.json", shows: .showing(50, revision: 4), at: now)
            #expect((try progress(confirmed).memories != nil) == isKept)
        }
        // Nor more than half an interval, however long a look may take.
        var patient = try raise()
        patient.policy.metrics = .scrape(
            ScrapeLocation(pages: ["http://127.0.0.1:8080/"], timeout: .minutes(5))
        )
        let late = Timestamp.newYear + .minutes(2) + .seconds(31)
        let confirmed = patient.confirming("file:/flags-0.json", shows: .showing(50, revision: 4), at: late)
        #expect(try progress(confirmed).memories == nil)
    }

    @Test("goes back to what it counted from when a raise is withdrawn")
    func withdrawn() throws {
        let raised = try raise()
        let settled = raised.settled(against: raised.untouched, at: .newYear + .minutes(3))
        #expect(settled.entries.map(\.event) == [.withdrawn])
        let memory = try progress(settled.state).memories
        #expect(memory?[.exposures] == CounterMemory(at: .newYear + .minutes(1), values: ["c": 1_000]))
        let standing = Allocation.showing(10, revision: 5)
        let state = settled.state.confirming(
            "file:/flags-0.json",
            shows: standing,
            at: .newYear + .minutes(3)
        )
        #expect(try progress(state).memories == memory)
        // The interval that decided the raise is counted again, together with the time since.
        let again = state.ticked(Page(failures: 0, exposures: 3_000), after: .minutes(3))
        #expect(try progress(again.state).intervals.last == IntervalCounts(failures: 0, exposures: 2_000))
    }

    @Test("begins at the look of the start's own preflight")
    func preflight() throws {
        let now = Timestamp.newYear + .hours(1)
        var request = StartRequest(policy: Self.policy, policyDigest: Policy.exampleDigest, request: .ada)
        request.trial = Page(failures: nil, exposures: 900)
            .measurements(of: Self.policy.trialQuestions(at: now))
        let absent = [Sighting(identity: "file:/flags-0.json", shown: .absent)]
        let started = try request.transition(from: nil, sightings: absent, at: now).state
            .confirming("file:/flags-0.json", shows: .showing(10, revision: 1), at: now + .seconds(1))
        #expect(try progress(started).memories?[.exposures] == CounterMemory(at: now, values: ["c": 900]))
        #expect(try progress(started).memories?[.failures] == CounterMemory(at: now, values: [:]))
        request.trial = []
        let other = try request.transition(from: nil, sightings: absent, at: now).state
        #expect(other.progress == StepProgress())
    }

    @Test("begins anew under a changed policy, whose selectors may be others")
    func acceptedPolicy() throws {
        let look = start.ticked(Page(failures: 0, exposures: 1_000), after: .minutes(1)).state
        let now = Timestamp.newYear + .minutes(1)
        let accepted = try look.accepting(look.policy, digest: "new", by: .ada, at: now).state
        #expect(try progress(accepted).memories == nil)
    }

    @Test("leaves no trace where the source has a history of its own")
    func noTrace() throws {
        let state = RolloutState.at(10).baked(minutes: 2)
        let raised = state.ticked(.healthy, after: .minutes(3)).state
        for one in [RolloutState.at(10), state, raised] {
            let json = String(decoding: try JSONEncoder().encode(one), as: UTF8.self)
            for word in ["memor", "counters", "trial", "scrape"] { #expect(!json.contains(word)) }
        }
        let answers = Page(failures: 1, exposures: 2).measurements(of: questions(start, after: .minutes(1)))
        let recorded = String(decoding: try JSONEncoder().encode(answers), as: UTF8.self)
        for word in ["memory", "counters"] { #expect(!recorded.contains(word)) }
    }

    /// After a first look and a healthy tick, with a raise to 50 % under way.
    private func raise() throws -> RolloutState {
        var state = start
        state.progress.baked = .minutes(5)
        for minute in 1...2 as ClosedRange<Int64> {
            state =
                state.ticked(
                    Page(failures: 0, exposures: Double(minute) * 1_000),
                    after: .minutes(minute)
                ).state
        }
        guard case .raise = state.intent else { throw NotRaised() }
        return state
    }

    private struct NotRaised: Error {}
}

/// A page with one counter of each kind, read by difference; nil shows no series.
private struct Page {
    var failures: Double?
    var exposures: Double?
    /// Instead of any count.
    var outcome: Outcome?

    func measurements(of questions: [MetricQuestion]) -> [Measurement] {
        questions.map { question in
            let shown = question.role == .failures ? failures : exposures
            let seen = CounterMemory(at: question.through, values: shown.map { ["c": $0] } ?? [:])
            return Measurement(
                question: question,
                outcome: outcome ?? count(shown, since: question.memory, at: question.through),
                counters: seen
            )
        }
    }

    private func count(_ shown: Double?, since memory: CounterMemory?, at now: Timestamp) -> Outcome {
        guard let shown else { return .noData }
        guard let memory else { return .firstLook }
        return .value(Reading(value: shown - (memory.values["c"] ?? 0), newestSample: now))
    }
}

private func questions(_ state: RolloutState, after span: Span) -> [MetricQuestion] {
    state.questions(at: .newYear + span)
}

extension RolloutState {
    fileprivate func ticked(_ page: Page, after span: Span) -> Transition {
        let answers = page.measurements(of: questions(at: .newYear + span))
        let evidence = Evidence(
            measurements: answers,
            sightings: untouched,
            policyDigest: policyDigest
        )
        return advanced(seeing: evidence, at: .newYear + span)
    }
}
