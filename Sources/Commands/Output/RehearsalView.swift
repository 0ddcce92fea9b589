import Assignment
import PolicyFiles
import Rehearsal
import Rollout

/// What a rehearsal came to: the value that text and JSON are made from.
struct RehearsalView: Sendable, Equatable, Encodable {
    /// Raised when a field changes its meaning or goes away.
    var schemaVersion = 1
    var kind = "rehearse"
    var flag: String
    var policy: String
    var policyDigest: String
    var scenario: String
    /// What happens in the scenario, for people.
    var summary: String
    var seed: UInt64
    var requestsPerSecond: Double
    /// Percentages, in the policy's order.
    var steps: [Percentage]
    var events: [EventView]
    var end: EndView
    var totals: TotalsView
    var exitStatus: Int32

    /// The start, a tick, or several ticks in a row that held for the same reason.
    struct EventView: Sendable, Equatable, Encodable {
        /// Since the start; of the first of several.
        var elapsed: Span
        var count: Int
        /// Of the last of several, as is everything below.
        var lastElapsed: Span
        var decision: Decision
        var exposure: Percentage
        var reasons: [Reason]
        var checks: [RolloutView.CheckView]
        /// Questions without a usable answer.
        var unanswered: Int
    }

    struct EndView: Sendable, Equatable, Encodable {
        var outcome: Outcome
        /// Why it is not complete.
        var why: String?

        enum Outcome: String, Sendable, Encodable {
            case completed
            case rolledBack
            case waitsForPerson
            case outOfTime
        }
    }

    struct TotalsView: Sendable, Equatable, Encodable {
        var ticks: Int
        var duration: Span
        var largestExposure: Percentage
        var timeAtExposure: [TimeView]
        var treatedRequests: Int
        var failedTreatedRequests: Int
    }

    struct TimeView: Sendable, Equatable, Encodable {
        var exposure: Percentage
        var time: Span
    }
}

extension RehearsalView {
    init(_ course: Course, of loaded: LoadedPolicy, scenario: Scenario, seed: UInt64) {
        let end = EndView(course)
        self.init(
            flag: loaded.policy.flag,
            policy: loaded.path,
            policyDigest: loaded.digest,
            scenario: scenario.name.rawValue,
            summary: scenario.name.summary,
            seed: seed,
            requestsPerSecond: scenario.requestsPerSecond,
            steps: loaded.policy.steps.map(\.percentage),
            events: course.timeline.map { EventView($0, checks: loaded.policy.checks) },
            end: end,
            totals: TotalsView(course.totals),
            exitStatus: end.outcome.status.rawValue
        )
    }

    var status: ExitStatus { end.outcome.status }
}

extension RehearsalView.EventView {
    fileprivate init(_ stretch: Course.Stretch, checks: [Check]) {
        let last = stretch.last
        self.init(
            elapsed: stretch.from,
            count: stretch.count,
            lastElapsed: last.elapsed,
            decision: last.decision,
            exposure: last.exposure,
            reasons: last.reasons,
            checks: zip(checks, last.judgements).map { $0.view(of: $1.progress.latest) },
            unanswered: last.unanswered
        )
    }
}

extension RehearsalView.EndView {
    fileprivate init(_ course: Course) {
        switch course.end {
        case .completed: self.init(outcome: .completed)
        case .rolledBack(let cause): self.init(outcome: .rolledBack, why: cause)
        case .waitsForPerson(let why): self.init(outcome: .waitsForPerson, why: why)
        case .outOfTime:
            let why = "neither complete nor stopped after \(course.totals.duration)"
            self.init(outcome: .outOfTime, why: why)
        }
    }
}

extension RehearsalView.EndView.Outcome {
    fileprivate var status: ExitStatus {
        switch self {
        case .completed: .fine
        case .rolledBack: .rolledBack
        case .waitsForPerson, .outOfTime: .waitsForPerson
        }
    }
}

extension RehearsalView.TotalsView {
    fileprivate init(_ totals: Course.Totals) {
        self.init(
            ticks: totals.ticks,
            duration: totals.duration,
            largestExposure: totals.largestExposure,
            timeAtExposure: totals.timeAtExposure.map {
                RehearsalView.TimeView(exposure: $0.exposure, time: $0.time)
            },
            treatedRequests: totals.treated.count,
            failedTreatedRequests: totals.treated.failed
        )
    }
}
