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
        let left = progress.isBakeWaived ? Span.zero : (bake - progress.baked).clamped(.zero, bake)
        return RolloutView.BakeView(
            baked: progress.baked.wholeSeconds,
            of: bake,
            remaining: (left + settlingLeft).wholeSeconds
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
        let remaining = bakeView?.remaining ?? .zero
        if let expected = outlook?.steps.first?.passing, expected > .about(remaining + policy.interval) {
            return "\(goal) \(expected.promise), if all is well"
        }
        guard remaining > .zero else { return "\(goal) at the next healthy tick" }
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

extension Policy {
    /// Its checks after what they have gathered, and what is expected of the current step.
    func views(of progress: [CheckProgress], _ outlook: Outlook?) -> [RolloutView.CheckView] {
        zip(checks, progress).map { check, own in
            let standing = ComparisonStanding(of: check, in: progress, under: self)
            var view = check.view(of: own.latest, standing)
            view.comparison = standing.map { standing in
                let forecast = outlook?.checks.first { $0.name == check.name }?.steps.first
                return ComparisonView(standing, own.latest?.cause, forecast, under: self)
            }
            return view
        }
    }
}

extension Check {
    func view(of summary: CheckSummary?, _ standing: ComparisonStanding? = nil) -> RolloutView.CheckView {
        RolloutView.CheckView(
            name: name,
            cause: summary?.cause,
            value: summary?.value,
            shown: summary?.value.map { shown($0, standing) } ?? "-",
            limit: limit ?? summary?.limit ?? 0,
            shownLimit: shownLimit(summary, standing),
            samples: summary?.samples,
            reason: summary?.reason ?? "not judged yet"
        )
    }

    /// A value as people read it: with its unit, and with what it is a multiple of.
    private func shown(_ value: Double, _ standing: ComparisonStanding?) -> String {
        guard case .comparison(let comparison) = rule else { return unit.text(value) }
        let isRatio = standing.map { $0.against == .control } ?? comparison.hasControl
        return isRatio ? "\(NumberText.ratio(value)) × control" : NumberText.share(value)
    }

    var unit: QueryUnit {
        switch rule {
        case .comparison(let comparison): comparison.hasControl ? .none : .ratio
        case .ceiling, .split: .ratio
        case .query(let query): query.unit
        }
    }

    private func shownLimit(_ summary: CheckSummary?, _ standing: ComparisonStanding?) -> String {
        switch rule {
        case .comparison(let comparison):
            switch standing?.against {
            case .objective(let share): "objective \(NumberText.share(share))"
            case .past(let share): "\(NumberText.share(share)) allowed by the past"
            case .control, nil:
                comparison.objective.map { "objective \(NumberText.share($0))" }
                    ?? "\(NumberText.multiple(comparison.tolerate)) × tolerated"
            }
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
