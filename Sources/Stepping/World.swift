package import Rollout

/// Everything a tick touches outside the pure core, filled in once where the program is wired together.
package struct World: Sendable {
    package var clock: any WallClock
    package var store: any StateStore
    package var source: @Sendable (Policy) -> any MetricsSource
    /// The targets of a policy, in its order.
    package var targets: @Sendable (Policy) -> [any FlagTarget]

    package init(
        clock: any WallClock,
        store: any StateStore,
        source: @escaping @Sendable (Policy) -> any MetricsSource,
        targets: @escaping @Sendable (Policy) -> [any FlagTarget]
    ) {
        self.clock = clock
        self.store = store
        self.source = source
        self.targets = targets
    }

    /// The same world without its writing halves.
    package var readOnly: ReadOnlyWorld {
        ReadOnlyWorld(clock: clock, store: store, source: source) { [targets] policy in targets(policy) }
    }
}

/// A world that can only be looked at: its ports have no method that writes.
package struct ReadOnlyWorld: Sendable {
    package var clock: any WallClock
    package var store: any StateStoreReading
    package var source: @Sendable (Policy) -> any MetricsSource
    package var targets: @Sendable (Policy) -> [any FlagTargetReading]

    package init(
        clock: any WallClock,
        store: any StateStoreReading,
        source: @escaping @Sendable (Policy) -> any MetricsSource,
        targets: @escaping @Sendable (Policy) -> [any FlagTargetReading]
    ) {
        self.clock = clock
        self.store = store
        self.source = source
        self.targets = targets
    }
}

extension ReadOnlyWorld {
    /// What every target of a policy shows now.
    package func sightings(of policy: Policy) -> [Sighting] {
        targets(policy).map { target in
            do throws(FlagTargetError) {
                let shown = try target.read()
                return Sighting(identity: target.identity, shown: shown.map { .allocation($0) } ?? .absent)
            } catch {
                return Sighting(identity: target.identity, shown: .unavailable(error.message))
            }
        }
    }

    /// The answers a tick of `state` needs, together with what was seen on the targets.
    package func evidence(
        for state: RolloutState,
        _ sightings: [Sighting],
        policyDigest: String?,
        at now: Timestamp
    ) -> Evidence {
        let answers = answers(to: state.questions(at: now), under: state.policy)
        return Evidence(
            measurements: answers.measurements,
            sightings: sightings,
            serverClockAhead: answers.serverClockAhead,
            policyDigest: policyDigest
        )
    }

    /// What the control of every comparison counted before now, by the checks' names.
    package func histories(of policy: Policy, at now: Timestamp) -> [String: ControlHistory] {
        let questions = policy.historyQuestions(at: now)
        guard !questions.isEmpty else { return [:] }
        let answers = source(policy).history(questions, deadline: policy.metrics.timeout)
        return policy.histories(Array(zip(questions, answers)))
    }

    /// Asks the policy's source; no questions contact nobody.
    package func answers(to questions: [MetricQuestion], under policy: Policy) -> Answers {
        guard !questions.isEmpty else { return Answers(measurements: []) }
        return source(policy).answer(questions, deadline: policy.metrics.timeout)
    }
}
