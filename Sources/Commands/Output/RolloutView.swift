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
    var next: NextView?
    var exitStatus: Int32 = 0

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
            checks: zip(state.policy.checks, state.progress.checks).map { $0.view(of: $1.latest) },
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
        if let judged = policy ?? report.state?.policy, !report.judgements.isEmpty {
            let checks = (report.state?.policy ?? judged).checks
            self.checks = zip(checks, report.judgements).map { $0.view(of: $1.progress.latest) }
        }
    }
}

extension RolloutState {
    fileprivate var stepViews: [RolloutView.StepView] {
        policy.steps.enumerated().map { index, step in
            let standing: RolloutView.StepView.Standing =
                if phase == .completed { .done } else if let current = phase.step {
                    index < current ? .done : index == current ? .current : .ahead
                } else { .ahead }
            return RolloutView.StepView(
                number: index + 1,
                percentage: step.percentage,
                bake: step.bake,
                standing: standing
            )
        }
    }

    fileprivate var bakeView: RolloutView.BakeView? {
        guard let step = phase.step, policy.steps.indices.contains(step) else { return nil }
        let bake = policy.steps[step].bake
        let settling: Span =
            if let confirmedAt = progress.confirmedAt, let last = progress.lastTickAt {
                (confirmedAt + policy.settle - last).clamped(.zero, policy.settle)
            } else { .zero }
        let left = progress.isBakeWaived ? Span.zero : (bake - progress.baked).clamped(.zero, bake)
        return RolloutView.BakeView(
            baked: progress.baked.wholeSeconds,
            of: bake,
            remaining: (left + settling).wholeSeconds
        )
    }

    fileprivate func view(of sighting: Sighting) -> RolloutView.TargetView {
        let expected = targets.first { $0.identity == sighting.identity }?.published?.exposure ?? .zero
        var view = RolloutView.TargetView(unordered: sighting)
        view.expected = expected
        if case .unavailable = sighting.shown { return view }
        if let drift = drift([sighting]) {
            view.remark = drift.text
        } else {
            view.isAsOrdered = true
            view.remark = "as ordered"
        }
        return view
    }

    /// The next command to type, and when.
    fileprivate func next(_ subject: String) -> RolloutView.NextView {
        // Verbs that decide need the policy itself.
        let policy = subject.prefix { $0 != " " }.description.looksLikePath ? subject : "POLICY"
        return switch phase {
        case .ready:
            RolloutView.NextView(command: "tidegate start \(policy) --reason '…'", text: "begin the rollout")
        case .progressing:
            RolloutView.NextView(command: "tidegate step \(policy)", text: nextStepText)
        case .paused:
            RolloutView.NextView(command: "tidegate resume \(subject)", text: "go on from here")
        case .rolledBack:
            RolloutView.NextView(
                command: "tidegate start \(policy) --from-step 1 --reason '…'",
                text: "begin again once the cause is known"
            )
        case .completed:
            RolloutView.NextView(command: "tidegate rollback \(subject)", text: "only to take it back")
        }
    }

    private var nextStepText: String {
        let goal = nextStep.map { "\(policy.steps[$0].percentage)" } ?? "completion"
        guard let remaining = bakeView?.remaining, remaining > .zero else {
            return "\(goal) at the next healthy tick"
        }
        return "\(goal) in \(remaining) at the earliest"
    }
}

extension RolloutView.NextView {
    /// What only a person can say about a target that shows what was not ordered.
    fileprivate init(answeringDriftOf subject: String) {
        command = "tidegate resume \(subject) --reassert"
        text = "publish what was ordered; or '--accept-drift': what is shown is right"
    }
}

extension RolloutView.TargetView {
    fileprivate init(unordered sighting: Sighting) {
        self.init(
            name: sighting.identity,
            exposure: sighting.allocation?.exposure,
            revision: sighting.allocation?.revision,
            expected: .zero,
            remark: "",
            isAsOrdered: false
        )
        switch sighting.shown {
        case .allocation: remark = exposure == .zero ? "off" : "on"
        case .absent: remark = "no such flag"
        case .unavailable(let why): remark = why
        }
    }
}

extension Check {
    fileprivate func view(of summary: CheckSummary?) -> RolloutView.CheckView {
        RolloutView.CheckView(
            name: name,
            cause: summary?.cause,
            value: summary?.value,
            shown: summary?.value.map(unit.text) ?? "-",
            limit: limit,
            shownLimit: shownLimit,
            samples: summary?.samples,
            reason: summary?.reason ?? "not judged yet"
        )
    }

    private var unit: QueryUnit {
        switch rule {
        case .ceiling: .ratio
        case .query(let query): query.unit
        }
    }

    private var shownLimit: String {
        switch rule {
        case .query(let query):
            if case .min = query.bound {
                "at least \(unit.text(limit))"
            } else {
                "at most \(unit.text(limit))"
            }
        case .ceiling: "at most \(unit.text(limit))"
        }
    }
}

extension Phase {
    fileprivate var reason: String? {
        switch self {
        case .paused(let cause, _): cause.text
        case .rolledBack(let cause): cause.text
        case .ready, .progressing, .completed: nil
        }
    }
}

extension Problem {
    /// One line for a person.
    var text: String {
        switch self {
        case .target(let identity, let error): "\(identity): \(error.message)"
        case .store(let error): "the state was not saved: \(error.message)"
        }
    }

    var hint: String? {
        switch self {
        case .target(_, let error): error.hint
        case .store(let error): error.hint
        }
    }
}
