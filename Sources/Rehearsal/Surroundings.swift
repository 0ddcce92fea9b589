package import Assignment
package import Rollout
package import Stepping

/// What a rehearsed rollout acts upon and is judged by: a simulated service, or history that was recorded.
package protocol Surroundings: Sendable {
    /// Answers the rollout's questions; knows the time only from the rehearsal's clock.
    var source: any MetricsSource { get }

    /// Lets everything but the rollout live until a moment, while a share of clients has the treatment.
    ///
    /// Called with rising moments, before the tick at that moment; one that has passed already changes nothing.
    func live(through moment: Timestamp, exposing share: Percentage)

    /// What clients with the treatment have met so far.
    var treated: TreatedRequests { get }
}

/// What clients with the treatment met: what a rollout has cost.
package struct TreatedRequests: Sendable, Equatable {
    package var count: Int
    package var failed: Int

    package init(count: Int, failed: Int) {
        self.count = count
        self.failed = failed
    }
}

/// A scenario played by a simulated service.
struct ScenarioSurroundings: Surroundings {
    private let service: Service
    private let scenarioSource: ScenarioSource

    var source: any MetricsSource { scenarioSource }

    /// Everything follows from the arguments.
    ///
    /// - Parameters:
    ///   - scenario: What happens.
    ///   - policy: What the scenario is measured by: its limits, steps and interval.
    ///   - seed: Of all random draws.
    ///   - clock: Stands at the moment of the start.
    init(_ scenario: Scenario, of policy: Policy, seed: UInt64, clock: VirtualClock) {
        let conditions = Conditions(scenario: scenario, policy: policy, start: clock.now())
        service = Service(conditions, seed: seed, from: policy.earliestAsked(at: clock.now()))
        scenarioSource = ScenarioSource(service, under: conditions, clock: clock, seed: seed)
    }

    func live(through moment: Timestamp, exposing share: Percentage) {
        service.live(through: moment, exposing: share)
    }

    var treated: TreatedRequests {
        let counts = service.counts(of: .treatment)
        return TreatedRequests(count: counts.exposures, failed: counts.failures)
    }
}

extension Policy {
    /// Where the history begins that a start at `now` looks back on.
    fileprivate func earliestAsked(at now: Timestamp) -> Timestamp {
        let beginnings = trialQuestions(at: now).map { question in
            switch question.subject {
            case .count(_, let from, _): from
            case .value(_, let moment, _): moment
            }
        }
        return min(beginnings.min() ?? now, now)
    }
}
