import Rollout
import Testing
import TidegateTestKit

@Suite("The fail-direction matrix")
struct FailDirectionTests {
    /// Written out, so that a changed direction is a changed test.
    private static let matrix: [Cause: Direction] = [
        .healthy: .mayAdvance,
        .breached: .rollBackNow,
        .treatmentSilent: .rollBackNow,
        .undecided: .holds(.undecided),
        .tooFewSamples: .holds(.tooFewSamples),
        .noFailuresSeries: .countsAsZero,
        .noData: .holds(.blind),
        .noTraffic: .holds(.noTraffic),
        .unchanged: .countsNothing,
        .inconsistent: .holds(.blind),
        .notFinite: .holds(.blind),
        .ambiguous: .holds(.blind),
        .partial: .holds(.blind),
        .stale: .holds(.blind),
        .unreachable: .holds(.blind),
        .refused: .holds(.blind),
        .notDue: .countsNothing,
        .firstLook: .countsNothing,
        .splitMismatch: .holdsForAPerson,
        .targetUnavailable: .holdsForAPerson,
        .policyChanged: .holdsForAPerson,
        .drift: .holdsForAPerson,
        .clockSkew: .holdsForAPerson,
        .storeUnavailable: .holdsForAPerson,
    ]

    @Test("gives every cause the direction that is documented", arguments: Cause.allCases)
    func direction(of cause: Cause) {
        #expect(cause.direction == Self.matrix[cause])
    }

    @Test("lets nothing but healthy evidence advance")
    func onlyHealthyAdvances() {
        #expect(Cause.allCases.filter { $0.direction == .mayAdvance } == [.healthy])
    }

    @Test("rolls back by default when blind, and pauses for every other wait")
    func deadlines() {
        let deadlines = Deadlines()
        #expect(deadlines[.blind] == Deadline(after: .minutes(30), action: .rollback))
        for cause in WaitingCause.allCases where cause != .blind {
            #expect(deadlines[cause] == Deadline(after: .hours(2), action: .pause))
        }
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var weather: Weather
        var cause: Cause

        init(_ name: String, _ weather: Weather, _ cause: Cause) {
            testDescription = name
            self.weather = weather
            self.cause = cause
        }

        init(_ outcome: Outcome, _ cause: Cause) {
            self.init("\(outcome)", .always(outcome), cause)
        }
    }

    /// What a tick makes of every kind of answer that carries no usable number.
    static let unusable: [Answer] =
        [
            Answer(.noData, .noData),
            Answer(.noSignal, .noTraffic),
            Answer(.notFinite(text: "+Inf"), .notFinite),
            Answer(.ambiguous(series: ["{a=\"1\"}", "{a=\"2\"}"]), .ambiguous),
            Answer(.partial(warnings: ["remote read failed"]), .partial),
            Answer(.stale(newest: .newYear), .stale),
            Answer(.unreachable(message: "timeout"), .unreachable),
            Answer(.value(Reading(value: .nan)), .notFinite),
            Answer(.value(Reading(value: .infinity)), .notFinite),
            Answer(.value(Reading(value: -.infinity)), .notFinite),
        ] + Refusal.allCases.map { Answer(.refused($0, message: "no"), .refused) }

    /// The answers only counts can give.
    static let unusableCounts: [Answer] = [
        Answer("unchanged", .always(.value(Reading(value: 600, newestSample: .newYear))), .unchanged),
        Answer("more failures than exposures", .counting(failures: 11, of: 10), .inconsistent),
        Answer("negative failures", .counting(failures: -1, of: 600), .inconsistent),
        Answer("negative exposures", .counting(failures: -2, of: -1), .inconsistent),
        Answer("NaN failures", .counting(failures: .nan, of: 600), .notFinite),
        Answer("too few samples", .counting(failures: 50, of: 99), .tooFewSamples),
        Answer("no exposures", .counting(failures: 0, of: 0), .noTraffic),
        Answer("no exposures series", .healthy.except(.exposures, .noData), .noData),
        Answer(
            "unreachable failures",
            .healthy.except(.failures, .unreachable(message: "503")),
            .unreachable
        ),
        Answer("partial failures", .healthy.except(.failures, .partial(warnings: [])), .partial),
        Answer("ambiguous failures", .healthy.except(.failures, .ambiguous(series: [])), .ambiguous),
        Answer("stale failures", .healthy.except(.failures, .stale(newest: .newYear)), .stale),
        Answer("no signal in failures", .healthy.except(.failures, .noSignal), .noTraffic),
        Answer("unanswered", Weather { _ in .noData }, .noData),
    ]

    /// A step that a healthy third tick would end.
    private static let almostBaked = RolloutState.at(10).baked(minutes: 2)

    @Test("would advance on the evidence the other tests take away")
    func healthyAdvances() {
        let transition = Self.almostBaked.ticked(.healthy, after: .minutes(3))
        #expect(transition.decision == .advanced)
        #expect(transition.effect == .raise(to: .showing(50, revision: 4)))
    }

    @Test("never raises on an answer without a number", arguments: unusable, ["errors", "latency"])
    func holdsOnAnswers(answer: Answer, check: String) {
        let weather = Weather.healthy.except(check, answer.weather)
        let transition = Self.almostBaked.ticked(weather, after: .minutes(3))
        #expect(transition.decision == .held)
        #expect(transition.effect == nil)
        #expect(transition.judgements.first { $0.check == check }?.cause == answer.cause)
        #expect(transition.state.confirmed == Self.almostBaked.confirmed)
        #expect(transition.state.intent == nil)
    }

    @Test("never raises on counts that cannot be used", arguments: unusableCounts)
    func holdsOnCounts(answer: Answer) {
        let weather = Weather.healthy.except("errors", answer.weather)
        let state = RolloutState.at(10, policy: .example(steps: [(10, .zero), (100, .zero)], settle: .zero))
        let transition = state.ticked(weather, after: .minutes(1))
        #expect(transition.decision == .held)
        #expect(transition.effect == nil)
        #expect(transition.judgements.first { $0.check == "errors" }?.cause == answer.cause)
    }

    @Test("never raises when the source leaves a question out", arguments: [0, 1, 2])
    func holdsWhenUnanswered(kept: Int) {
        let now = Timestamp.newYear + .minutes(3)
        let state = Self.almostBaked
        let measurements = Weather.healthy.measurements(of: state.questions(at: now)).prefix(kept)
        let evidence = Evidence(measurements: Array(measurements), sightings: state.untouched)
        #expect(state.advanced(seeing: evidence, at: now).effect == nil)
    }

    @Test("takes exposures without any failures series for a healthy service")
    func healthyWithoutFailures() {
        let weather = Weather.healthy.except(.failures, .noData)
        let transition = Self.almostBaked.ticked(weather, after: .minutes(3))
        #expect(transition.decision == .advanced)
    }

    @Test("rolls back in that very tick, whatever else holds", arguments: Circumstance.allCases)
    func breach(under circumstance: Circumstance) {
        let state = circumstance.state
        let transition = state.ticked(
            .failing,
            after: .minutes(1),
            seeing: circumstance.sightings(of: state),
            clockAhead: circumstance == .clockSkew ? .minutes(1) : .zero,
            digest: circumstance == .changedPolicy ? "sha256:other" : Policy.exampleDigest
        )
        #expect(transition.decision == .rolledBack)
        guard case .lower(let allocation) = transition.effect else {
            Issue.record("\(String(describing: transition.effect)) lowers nothing")
            return
        }
        #expect(allocation == .showing(0, revision: 4))
        guard case .rolledBack(.breach(check: "errors", _)) = transition.state.phase else {
            Issue.record("\(transition.state.phase) does not say what was breached")
            return
        }
    }

    @Test("rolls back on either check", arguments: ["errors", "latency"])
    func eitherCheck(name: String) {
        let weather = Weather.healthy.except(name, .failing)
        let transition = RolloutState.at(10).ticked(weather, after: .minutes(1))
        guard case .rolledBack(.breach(check: name, _)) = transition.state.phase else {
            Issue.record("\(transition.state.phase)")
            return
        }
    }

    @Test("rolls back on a breach although the other check is blind")
    func breachBesideBlindness() {
        let weather = Weather.failing.except("errors", .always(.unreachable(message: "timeout")))
        #expect(RolloutState.at(10).ticked(weather, after: .minutes(1)).decision == .rolledBack)
    }

    /// What a breach does not wait for.
    enum Circumstance: CaseIterable, Sendable {
        case progressing, paused, pausedByDeadline, clockSkew, changedPolicy
        case raisedByHand, loweredByHand, absent, unreadable

        var state: RolloutState {
            switch self {
            case .paused: .at(10, phase: .paused(.person(actor: "ada", reason: nil), step: 0))
            case .pausedByDeadline: .at(10, phase: .paused(.deadline(.undecided), step: 0))
            default: .at(10)
            }
        }

        func sightings(of state: RolloutState) -> [Sighting] {
            switch self {
            case .raisedByHand: state.seeing(.allocation(.showing(80, revision: 3)))
            case .loweredByHand: state.seeing(.allocation(.showing(5, revision: 3)))
            case .absent: state.seeing(.absent)
            case .unreadable: state.seeing(.unavailable("permission denied"))
            default: state.untouched
            }
        }
    }
}
