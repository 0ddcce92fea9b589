import Assignment
import Rollout
import Stepping

extension RolloutState {
    var stepViews: [RolloutView.StepView] {
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

    var bakeView: RolloutView.BakeView? {
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

    func view(of sighting: Sighting) -> RolloutView.TargetView {
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
    func next(_ subject: String) -> RolloutView.NextView {
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
    init(answeringDriftOf subject: String) {
        command = "tidegate resume \(subject) --reassert"
        text = "publish what was ordered; or '--accept-drift': what is shown is right"
    }
}

extension RolloutView.TargetView {
    init(unordered sighting: Sighting) {
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
    func view(of summary: CheckSummary?) -> RolloutView.CheckView {
        RolloutView.CheckView(
            name: name,
            cause: summary?.cause,
            value: summary?.value,
            shown: summary?.value.map(unit.text) ?? "-",
            limit: limit ?? summary?.limit ?? 0,
            shownLimit: shownLimit(summary),
            samples: summary?.samples,
            reason: summary?.reason ?? "not judged yet"
        )
    }

    var unit: QueryUnit {
        switch rule {
        case .comparison(let comparison): comparison.hasControl ? .none : .ratio
        case .ceiling, .split: .ratio
        case .query(let query): query.unit
        }
    }

    private func shownLimit(_ summary: CheckSummary?) -> String {
        switch rule {
        case .comparison(let comparison):
            comparison.objective.map { "objective \(unit.text($0))" }
                ?? "at most \(NumberText.decimal(comparison.tolerate, places: 2)) × control"
        case .query(let query):
            if case .min = query.bound {
                "at least \(unit.text(query.bound.limit))"
            } else {
                "at most \(unit.text(query.bound.limit))"
            }
        case .ceiling(let ceiling): "at most \(unit.text(ceiling.limit))"
        case .split: summary.map { "\(unit.text($0.limit)) published" } ?? "the published share"
        }
    }
}

extension Phase {
    var reason: String? {
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
