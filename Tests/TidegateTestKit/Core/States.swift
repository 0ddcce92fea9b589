import Analysis
import Assignment
package import Rollout

extension RolloutState {
    /// A rollout whose targets all confirmed a percentage at new year, as revision 3.
    package static func at(
        _ percent: Double = 10,
        phase: Phase = .progressing(step: 0),
        policy: Policy = .example()
    ) -> RolloutState {
        let published = Allocation.showing(percent, revision: 3)
        var state = RolloutState(
            flag: policy.flag,
            generation: 1,
            policy: policy,
            policyDigest: Policy.exampleDigest,
            phase: phase,
            revision: 3,
            confirmed: published,
            targets: policy.targets.map { TargetRecord(identity: $0.identity, published: published) },
            startedAt: .newYear
        )
        state.progress = state.beginning(at: .newYear, after: .knowing(policy))
        return state
    }

    /// A state in every phase, each with what its targets would show.
    package static func inEveryPhase(_ policy: Policy = .example()) -> [RolloutState] {
        [
            .at(0, phase: .ready, policy: policy),
            .at(10, phase: .progressing(step: 0), policy: policy),
            .at(10, phase: .paused(.person(actor: "ada", reason: nil), step: 0), policy: policy),
            .at(0, phase: .rolledBack(.breach(check: "errors", finding: "5 %")), policy: policy),
            .at(100, phase: .completed, policy: policy),
        ]
    }

    /// What the targets show when nobody meddled.
    package var untouched: [Sighting] {
        targets.map {
            Sighting(identity: $0.identity, shown: $0.published.map { .allocation($0) } ?? .absent)
        }
    }

    /// What the targets show, one after the other.
    package func seeing(_ shown: Sighting.Shown...) -> [Sighting] {
        zip(targets, shown).map { Sighting(identity: $0.identity, shown: $1) }
    }

    /// The decision of one tick `after` new year.
    package func ticked(
        _ weather: Weather,
        after span: Span,
        seeing sightings: [Sighting]? = nil,
        clockAhead: Span? = .zero,
        digest: String = Policy.exampleDigest
    ) -> Transition {
        let now = Timestamp.newYear + span
        let evidence = Evidence(
            measurements: weather.measurements(of: questions(at: now)),
            sightings: sightings ?? untouched,
            serverClockAhead: clockAhead,
            policyDigest: digest
        )
        return advanced(seeing: evidence, at: now)
    }

    /// The transitions of several ticks, each going on from the one before.
    package func ticking(_ ticks: [(weather: Weather, after: Span)]) -> [Transition] {
        var state = self
        return ticks.map { tick in
            let transition = state.ticked(tick.weather, after: tick.after)
            state = transition.state
            return transition
        }
    }

    /// This state after healthy ticks every minute, `count` of them, the last `count` minutes after new year.
    package func baked(minutes count: Int) -> RolloutState {
        ticking((0..<count).map { (.healthy, .minutes(Int64($0 + 1))) }).last?.state ?? self
    }
}

extension StepProgress {
    /// What a start knows where a day of history has 6,000 exposures a minute and no burst.
    fileprivate static func knowing(_ policy: Policy) -> StepProgress {
        let test = SequentialComparison(dispersionPrior: 1)
        var progress = StepProgress(
            checks: policy.checks.map { CheckProgress(name: $0.name, through: .newYear) }
        )
        for index in progress.checks.indices {
            progress.checks[index].comparison = ComparisonProgress(test: test, traffic: 6_000)
        }
        return progress
    }
}
