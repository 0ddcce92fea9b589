import Assignment

extension RolloutState {
    /// How the rollout stands.
    var standingSentences: [String] {
        let exposure = confirmed.exposure
        var sentences: [String]
        switch phase {
        case .ready: sentences = ["not started"]
        case .progressing(let step):
            sentences = ["progressing at \(exposure), step \(step + 1) of \(policy.steps.count)"]
        case .paused(let cause, let step):
            sentences = [
                "paused at \(exposure), step \(step + 1) of \(policy.steps.count): \(cause.text)",
                "it is still judged, and a breach still rolls back",
            ]
        case .rolledBack(let cause): sentences = ["rolled back: \(cause.text)"]
        case .completed: sentences = ["completed at \(exposure); nothing is judged any more"]
        }
        if let intent {
            let way =
                if case .raise = intent {
                    "a raise to \(intent.allocation.exposure) is ordered and not confirmed on every target"
                } else {
                    "\(intent.allocation.exposure) is ordered and not confirmed on every target"
                }
            sentences.append("\(way): the next tick settles it")
        }
        return sentences
    }

    /// What the next raise needs; what is met already is left out.
    var needsToAdvance: [String] {
        switch phase {
        case .ready: ["a person's 'start'"]
        case .paused: ["a person's 'resume'"] + evidenceNeeded
        case .rolledBack: ["a person's 'start --from-step N --reason …': the rollback is a latch"]
        case .completed: ["nothing: there is no further step"]
        case .progressing: [goal] + evidenceNeeded
        }
    }

    private var goal: String {
        let all =
            "one tick in which every check is healthy, all targets show what was ordered and the policy file is the accepted one"
        guard let next = nextStep else {
            let end =
                policy.finalExposure > confirmed.exposure ? ", which raises to \(policy.finalExposure)" : ""
            return "to completion\(end): \(all)"
        }
        return "to \(policy.exposure(of: policy.steps[next])): \(all)"
    }

    private var evidenceNeeded: [String] {
        var needs: [String] = []
        if let step = phase.step, policy.steps.indices.contains(step) {
            let bake = policy.steps[step].bake
            if progress.isBakeWaived {
                needs.append("the rest of the bake was waived by a person")
            } else if progress.baked < bake {
                needs.append("bake: \(progress.baked.wholeSeconds) of \(bake)")
            }
        }
        if settlingLeft > .zero {
            needs.append("\(settlingLeft.wholeSeconds) more for readers to pick up what was published")
        }
        for check in policy.checks {
            guard let progress = progress.checks.first(where: { $0.name == check.name }) else { continue }
            guard let latest = progress.latest else {
                needs.append("\(check.name): a first judgement")
                continue
            }
            if latest.cause != .healthy { needs.append("\(check.name): \(latest.reason)") }
        }
        if progress.judgedTicks < 1, !needs.contains(where: { $0.contains(": ") }) {
            needs.append("a full interval judged healthy since the targets settled")
        }
        return needs
    }
}
