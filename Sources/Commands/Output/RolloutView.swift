import Assignment
import Rollout
import Stepping

/// Everything a person or a program is shown about one rollout: the value that text and JSON are made from.
struct RolloutView: Sendable, Equatable, Encodable {
    /// Raised when a field changes its meaning or goes away.
    var schemaVersion = 1
    /// The verb that printed this.
    var kind: String
    var flag: String
    var phase: PhaseName
    /// Why the phase is what it is, for paused and rolled back.
    var phaseReason: String?
    /// What this invocation decided; nil for `status`.
    var decision: Decision?
    var reasons: [Reason] = []
    var generation: Int?
    var revision: Int?
    /// The share of clients that have the treatment, confirmed on every target; in percent.
    var exposure: Percentage
    /// What was ordered and is not confirmed yet; in percent.
    var ordered: Percentage?
    var steps: [StepView]
    var bake: BakeView?
    var targets: [TargetView]
    var checks: [CheckView]
    var need: Need?
    var problems: [String] = []
    /// What is expected of the steps that are still to be passed; only in `plan`.
    var outlook: OutlookView?
    /// The same, for text.
    var foreseen: Outlook?
    /// Whether there is no outlook since nobody knows the traffic.
    var isTrafficUnknown = false
    var next: NextView?
    var exitStatus: Int32 = 0

    private enum CodingKeys: CodingKey {
        case schemaVersion, kind, flag, phase, phaseReason, decision, reasons, generation, revision, exposure
        case ordered, steps, bake, targets, checks, need, problems, outlook, next, exitStatus
    }

    struct StepView: Sendable, Equatable, Encodable {
        /// From 1.
        var number: Int
        var percentage: Percentage
        var bake: Span
        var standing: Standing

        enum Standing: String, Sendable, Encodable {
            case done
            case current
            case ahead
        }
    }

    struct BakeView: Sendable, Equatable, Encodable {
        var baked: Span
        var of: Span
        /// Until the next step at the earliest, should every check stay healthy.
        var remaining: Span
    }

    struct TargetView: Sendable, Equatable, Encodable {
        var name: String
        /// Nil where the target holds no such flag, or cannot be read.
        var exposure: Percentage?
        var revision: Int?
        /// What the rollout last confirmed here.
        var expected: Percentage
        var remark: String
        var isAsOrdered: Bool
    }

    struct CheckView: Sendable, Equatable, Encodable {
        var name: String
        /// Nil before the first judgement.
        var cause: Cause?
        var value: Double?
        /// The value as people read it.
        var shown: String
        var limit: Double
        var shownLimit: String
        var samples: Double?
        var reason: String
        /// Of a comparison, once a step has begun.
        var comparison: ComparisonView?
    }

    struct NextView: Sendable, Equatable, Encodable {
        var command: String
        var text: String
    }
}

extension RolloutView {
    /// What is known from the state and the targets alone.
    init(kind: String, state: RolloutState, sightings: [Sighting], subject: String) {
        self.init(
            kind: kind,
            flag: state.flag,
            phase: state.phase.name,
            phaseReason: state.phase.reason,
            generation: state.generation,
            revision: state.revision,
            exposure: state.confirmed.exposure,
            ordered: state.intent?.allocation.exposure,
            steps: state.stepViews,
            bake: state.bakeView,
            targets: sightings.map { state.view(of: $0) },
            checks: state.policy.views(of: state.progress.checks, state.outlook),
            next: state.drift(sightings).map { _ in NextView(answeringDriftOf: subject) }
                ?? state.next(subject)
        )
    }

    /// A rollout that has no state.
    init(kind: String, policy: Policy, sightings: [Sighting], subject: String) {
        self.init(
            kind: kind,
            flag: policy.flag,
            phase: .ready,
            exposure: sightings.compactMap(\.exposure).max() ?? .zero,
            steps: policy.steps.enumerated().map { index, step in
                StepView(number: index + 1, percentage: step.percentage, bake: step.bake, standing: .ahead)
            },
            targets: sightings.map(TargetView.init(unordered:)),
            checks: policy.checks.map { $0.view(of: nil) },
            next: NextView(command: "tidegate start \(subject) --reason '…'", text: "begin the rollout")
        )
    }

    /// A flag of which neither state nor policy is known.
    init(kind: String, unknown flag: String) {
        self.init(kind: kind, flag: flag, phase: .ready, exposure: .zero, steps: [], targets: [], checks: [])
    }

    /// What an invocation came to.
    init(kind: String, report: TickReport, policy: Policy?, flag: String, subject: String, status: ExitStatus)
    {
        if let state = report.state {
            self.init(kind: kind, state: state, sightings: report.sightings, subject: subject)
        } else if let policy {
            self.init(kind: kind, policy: policy, sightings: report.sightings, subject: subject)
        } else {
            self.init(kind: kind, unknown: flag)
        }
        decision = report.decision
        reasons = report.reasons
        need = report.need
        problems = report.problems.map(\.text)
        exitStatus = status.rawValue
        if let judged = report.state?.policy ?? policy, !report.judgements.isEmpty {
            // A tick that went on has judged another step than the one whose forecast there is now.
            let outlook = report.decision == .held ? report.state?.outlook : nil
            checks = judged.views(of: report.judgements.map(\.progress), outlook)
        }
    }
}
