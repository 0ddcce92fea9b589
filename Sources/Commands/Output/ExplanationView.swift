import Assignment
import Rollout

/// An explanation, for programs.
struct ExplanationView: Sendable, Equatable, Encodable {
    var schemaVersion = 1
    var kind = "explain"
    var flag: String
    var phase: PhaseName
    var exposure: Percentage
    /// Whether the policy file, where one was named, is the accepted one.
    var isPolicyAccepted: Bool
    var standing: [String]
    var checks: [CheckView]
    var advancing: [String]
    var rollingBack: [String]
    var clocks: [ClockView]
    var holdback: String?
    var matrix: [CauseView]
    var exitStatus: Int32 = 0

    struct CheckView: Sendable, Equatable, Encodable {
        var name: String
        var cause: Cause?
        var sentences: [String]
    }

    struct ClockView: Sendable, Equatable, Encodable {
        var cause: WaitingCause
        var deadline: Span
        var action: DeadlineAction
        /// Absent while it does not run.
        var since: String?
        var actsAt: String?
    }

    struct CauseView: Sendable, Equatable, Encodable {
        var cause: Cause
        var meaning: String
        var direction: String
        var effect: String
    }

    init(_ explanation: Explanation, isPolicyAccepted: Bool) {
        flag = explanation.flag
        phase = explanation.phase
        exposure = explanation.exposure
        self.isPolicyAccepted = isPolicyAccepted
        standing = explanation.standing
        checks = explanation.checks.map {
            CheckView(name: $0.name, cause: $0.cause, sentences: $0.sentences)
        }
        advancing = explanation.advancing
        rollingBack = explanation.rollingBack
        clocks = explanation.clocks.map { clock in
            ClockView(
                cause: clock.cause,
                deadline: clock.deadline.after,
                action: clock.deadline.action,
                since: clock.since.map(TimeText.utc),
                actsAt: clock.actsAt.map(TimeText.utc)
            )
        }
        holdback = explanation.holdback
        matrix = explanation.matrix.map {
            CauseView(
                cause: $0.cause,
                meaning: $0.cause.meaning,
                direction: $0.direction.code,
                effect: $0.effect
            )
        }
    }
}
