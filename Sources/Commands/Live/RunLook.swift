import Rollout
import Stepping

/// What one look at the rollout found: a tick, or why there was none.
struct RunLook: Sendable {
    var at: Timestamp
    var flag: String
    /// The policy of the file; nil where the file cannot be used.
    var policy: Policy?
    /// What is wrong with the policy file.
    var fault: Failure?
    var result: Result<TickReport, SteppingError>

    var report: TickReport? { try? result.get() }
}

/// How a run ends.
enum RunEnding: Sendable, Equatable {
    case completed
    case rolledBack
    /// Only a person can go on, and nobody is to wait for them.
    case waits
    /// Told to stop; the rollout stays as it is.
    case left
    /// There is no rollout any more: its start was withdrawn, or its state is gone.
    case notStarted

    var status: ExitStatus {
        switch self {
        case .completed: .fine
        case .rolledBack: .rolledBack
        case .waits, .left: .waitsForPerson
        case .notStarted: .unavailable
        }
    }
}

extension RunLook {
    /// How the run ends with this look; nil while it goes on.
    ///
    /// Trouble never ends a run. Nor does an order that some target does not show yet: a rollback is watched until
    /// it is everywhere.
    func ending(exitsWhenWaiting: Bool) -> RunEnding? {
        guard let report, report.problems.isEmpty else { return nil }
        guard let state = report.state else { return .notStarted }
        guard state.intent == nil else { return nil }
        switch state.phase {
        case .ready: return .notStarted
        case .completed: return report.need == nil ? .completed : .waits
        case .rolledBack: return .rolledBack
        case .paused: return exitsWhenWaiting ? .waits : nil
        // What has no command goes away by itself, or by its deadline.
        case .progressing: return exitsWhenWaiting && report.need?.command != nil ? .waits : nil
        }
    }
}
