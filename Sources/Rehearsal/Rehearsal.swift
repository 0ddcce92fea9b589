import Assignment
package import Rollout
package import Stepping

/// A whole rollout in virtual time, through the very tick that a real one is made of.
///
/// Nothing outside is touched or asked: no clock, file, network or system randomness. Store and targets are in
/// memory; what there is to see and to count comes from the ``Surroundings``.
package struct Rehearsal: Sendable {
    private let policy: Policy
    private let digest: String
    private let clock: VirtualClock
    private let surroundings: any Surroundings

    /// A rehearsal in some surroundings that tell the time from `clock`, which stands at the moment of the start.
    package init(policy: Policy, digest: String, clock: VirtualClock, surroundings: any Surroundings) {
        self.policy = policy
        self.digest = digest
        self.clock = clock
        self.surroundings = surroundings
    }

    /// A rehearsal of a scenario; everything follows from the arguments.
    package init(policy: Policy, digest: String, scenario: Scenario, seed: UInt64) {
        let clock = VirtualClock(at: Self.beginning)
        let surroundings = ScenarioSurroundings(scenario, of: policy, seed: seed, clock: clock)
        self.init(policy: policy, digest: digest, clock: clock, surroundings: surroundings)
    }

    /// 2026-01-01T00:00:00Z: any moment would do.
    private static let beginning = Timestamp(millisecondsSinceEpoch: 1_767_225_600_000)

    /// The first step is reached without evidence, as in a real rollout after its preflight.
    private static let request = Request(actor: "rehearsal", reason: "the first step needs no check")

    /// Starts the rollout and ticks once each interval until it ends.
    ///
    /// - Returns: The course; it is the same for every call on an equal, fresh rehearsal.
    /// - Throws: ``SteppingError`` where the start is refused: a policy without steps, or surroundings that leave
    ///   the preflight without answers.
    package func run() throws(SteppingError) -> Course {
        let targets = policy.targets.map { InMemoryTarget(identity: $0.identity) }
        let stepper = Stepper(
            world: World(
                clock: clock,
                store: InMemoryStateStore(),
                source: { [source = surroundings.source] _ in source },
                targets: { _ in targets }
            )
        )
        let start = clock.now()
        live(through: start, exposing: .zero)
        let begun = try stepper.start(
            StartRequest(policy: policy, policyDigest: digest, request: Self.request),
            acceptingNoData: false
        )
        var events = [Course.Event(begun, exposure: targets.exposure, start: start)]
        while clock.now() - start < longest {
            clock.move(by: policy.interval)
            live(through: clock.now(), exposing: targets.exposure)
            let report = try stepper.step(flag: policy.flag, policyDigest: digest)
            events.append(Course.Event(report, exposure: targets.exposure, start: start))
            if let end = report.end { return Course(events, end: end, treated: surroundings.treated) }
        }
        return Course(events, end: .outOfTime, treated: surroundings.treated)
    }

    /// Lives through the moment that this tick or a later one asks about, and then through the tick's own: what is
    /// counted is cut at both.
    private func live(through now: Timestamp, exposing share: Percentage) {
        let lag = policy.metrics.lag.milliseconds % max(1, policy.interval.milliseconds)
        surroundings.live(through: now - Span(milliseconds: lag), exposing: share)
        surroundings.live(through: now, exposing: share)
    }

    /// How much virtual time a rehearsal takes at most.
    ///
    /// Several times what an undisturbed rollout takes, and every deadline in every step; but never so many ticks
    /// that a person would wait for minutes.
    private var longest: Span {
        let unhurried = policy.settle + policy.metrics.lag + policy.interval * 4
        let steps = policy.steps.reduce(Span.zero) { $0 + $1.bake + unhurried } * 4
        let waits = WaitingCause.allCases.reduce(Span.zero) { $0 + policy.deadlines[$1].after }
        return min(steps + waits * Int64(policy.steps.count), policy.interval * Self.mostTicks)
    }

    private static let mostTicks: Int64 = 200_000
}

extension [InMemoryTarget] {
    /// The largest share that any of these targets exposes.
    fileprivate var exposure: Percentage {
        map { $0.shown?.exposure ?? .zero }.max() ?? .zero
    }
}

extension Course.Event {
    fileprivate init(_ report: TickReport, exposure: Percentage, start: Timestamp) {
        self.init(
            elapsed: report.at - start,
            decision: report.decision,
            exposure: exposure,
            reasons: report.reasons,
            judgements: report.judgements,
            unanswered: report.measurements.count { $0.outcome.reading == nil }
        )
    }
}

extension TickReport {
    /// How the rollout ended with this tick; nil while it goes on.
    fileprivate var end: Course.End? {
        switch state?.phase {
        case .completed: .completed
        case .rolledBack(let cause): .rolledBack(cause: cause.text)
        case .paused(let cause, _): .waitsForPerson(why: cause.text)
        case .ready, .progressing, nil: nil
        }
    }
}
