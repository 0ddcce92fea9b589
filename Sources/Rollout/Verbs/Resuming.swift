import Assignment

/// How a drift is answered.
package enum DriftAnswer: Sendable, Equatable {
    /// What the target shows is right: go on from there.
    case accept
    /// What was ordered is right: publish it again.
    case reassert
}

extension RolloutState {
    /// Goes on after a pause, or answers a drift in any phase.
    ///
    /// - Throws: ``Refused`` where a drift is there and no answer was given, or an answer was given to none.
    package func resumed(
        by request: Request,
        answering answer: DriftAnswer?,
        sightings: [Sighting],
        at now: Timestamp
    ) throws(Refused) -> Transition {
        switch (drift(sightings), answer) {
        case (nil, nil): return try resuming(by: request, at: now)
        case (nil, _):
            throw Refused(
                "there is no drift to answer",
                hint: "use 'resume' without '--accept-drift' or '--reassert'"
            )
        case (let drift?, nil):
            throw Refused(
                "\(drift.target) \(drift.text)",
                hint:
                    "say what is right: 'resume --accept-drift' (the target) or 'resume --reassert' (the rollout)"
            )
        case (let drift?, .accept): return try accepting(drift, sightings, by: request, at: now)
        case (_?, .reassert): return reasserting(sightings, by: request, at: now)
        }
    }

    private func resuming(by request: Request, at now: Timestamp) throws(Refused) -> Transition {
        guard try permits(.resume), let step = phase.step else { return idle(.resume) }
        var state = self
        state.phase = .progressing(step: step)
        // The cause's clock starts anew, or the deadline would pause again at once.
        state.waits = Waits()
        state.progress.lastTickAt = max(now, progress.lastTickAt ?? now)
        return state.answering(request, .resumed, recording: .resumed, at: now)
    }

    /// Takes the exposure the targets show as the one that holds, and goes on from the step below it.
    private func accepting(
        _ drift: Drift,
        _ sightings: [Sighting],
        by request: Request,
        at now: Timestamp
    ) throws(Refused) -> Transition {
        switch drift {
        case .disabledByHand, .absent: return rollingBack(.byHand, actor: request.actor, at: now)
        case .loweredByHand, .changed, .foreignRevision: break
        }
        switch phase {
        case .ready:
            throw Refused("the rollout is not started", hint: "take the flag over with 'start --adopt'")
        case .rolledBack:
            throw Refused(
                "the rollout is rolled back",
                hint: "take the flag over with 'start --adopt --from-step 1 --reason …'"
            )
        case .progressing, .paused, .completed: break
        }
        let shown = sightings.compactMap(\.allocation)
        guard let first = shown.first, shown.count == sightings.count,
            shown.allSatisfy({ $0.exposure == first.exposure && $0.hashes(like: policy.disabled) })
        else {
            throw Refused(
                "the targets do not all show the same percentage with the rollout's salt and algorithm",
                hint: "publish the rollout's own allocation again with 'resume --reassert'"
            )
        }
        var state = self
        state.revision = max(revision, shown.map(\.revision).max() ?? 0)
        state.confirmed = first
        for index in state.targets.indices { state.targets[index].published = first }
        state.progress = state.beginning(at: now, after: progress)
        state.waits = Waits()
        let step = state.stepStanding(at: first.exposure)
        state = state.lowering(to: state.ordering(first.exposure), entering: .progressing(step: step))
        return answered(state, .driftAccepted, by: request, at: now)
    }

    /// Publishes the rollout's own allocation again, without exposing anybody new by it.
    ///
    /// A target that shows more is lowered at once. Where it shows less, or nothing, only healthy evidence may
    /// raise it: the rollout goes on from what is shown, with the bake waived. Clients of another salt are other
    /// clients: there, the rollout's own cohort counts as shown to nobody.
    private func reasserting(_ sightings: [Sighting], by request: Request, at now: Timestamp) -> Transition {
        let least = sightings.compactMap { $0.exposure(of: policy) }.min() ?? .zero
        let standing = min(confirmed.exposure, least)
        var state = self
        state.revision = max(revision, sightings.compactMap { $0.allocation?.revision }.max() ?? 0)
        let entering: Phase =
            switch phase {
            case .ready, .rolledBack: phase
            case .completed where standing == confirmed.exposure: .completed
            case .progressing, .paused, .completed: .progressing(step: stepStanding(at: standing))
            }
        state = state.lowering(to: state.ordering(standing), entering: entering)
        if entering.isJudged, standing < confirmed.exposure {
            state.confirmed = state.ordering(standing)
            state.progress = state.beginning(at: now, after: progress)
            state.progress.isBakeWaived = true
            state.waits = Waits()
        }
        return answered(state, .reasserted, by: request, at: now)
    }

    private func answered(
        _ state: RolloutState,
        _ event: LedgerEvent,
        by request: Request,
        at now: Timestamp
    ) -> Transition {
        state.answering(
            request,
            .resumed,
            recording: event,
            effect: state.intent?.effect,
            from: confirmed.exposure,
            at: now
        )
    }
}

extension Sighting {
    /// How many of the clients that `policy` treats are exposed here; nil when it cannot be read.
    fileprivate func exposure(of policy: Policy) -> Percentage? {
        guard let allocation else { return exposure }
        return allocation.hashes(like: policy.disabled) ? exposure : .zero
    }
}
