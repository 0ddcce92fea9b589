/// What the world is like during a rehearsal: a pure value that knows no policy, clock or random numbers.
package struct Scenario: Sendable, Equatable {
    package var name: Name
    /// How many requests the service gets, from clients of both variants together.
    package var requestsPerSecond: Double
    /// How large a share of requests fails whatever the variant.
    package var baseline: Baseline
    /// What the treatment does to its clients.
    package var treatment: Treatment
    /// What happens to traffic and metrics.
    package var trouble: Trouble

    /// The scenarios that can be asked for by name.
    package enum Name: String, Sendable, Hashable, CaseIterable {
        case healthy
        case regression
        case outage
        case noData = "no-data"
        case flapping
        case noTraffic = "no-traffic"
        case sharedIncident = "shared-incident"
    }

    /// How near the service comes to the limits of the policy's checks.
    ///
    /// As a share of the strictest limit, from 0 to 1; of a made-up one where no check has any, as comparisons with a
    /// control have none. Chance alone never breaks a limit: see ``Service``.
    package enum Baseline: Sendable, Equatable {
        case steady(Double)
        /// Up and down between both.
        case wandering(ClosedRange<Double>)
        /// Steady, but so many times as much for some intervals from half-way on: for clients of both variants.
        case incident(Double, times: Double)
    }

    /// What clients with the treatment meet.
    package enum Treatment: Sendable, Equatable {
        case asGood
        /// Fails from the step with this index (from 0) on, or from the last where there are fewer, as hard as the
        /// policy's checks need to see it.
        case failing(fromStep: Int)
    }

    /// What happens to traffic and metrics.
    ///
    /// "Half-way" is the middle of the first step's bake, or right after the start where that bake is only a few ticks.
    package enum Trouble: Sendable, Equatable {
        case none
        /// The metrics cannot be reached from half-way on, for good.
        case unreachable
        /// Answers are empty from half-way on, for good.
        case empty
        /// The metrics cannot be reached every now and then.
        case flapping
        /// Nobody uses the service from half-way on, for good.
        case noTraffic
    }

    package init(
        name: Name,
        requestsPerSecond: Double,
        baseline: Baseline,
        treatment: Treatment,
        trouble: Trouble
    ) {
        self.name = name
        self.requestsPerSecond = requestsPerSecond
        self.baseline = baseline
        self.treatment = treatment
        self.trouble = trouble
    }
}

extension Scenario {
    /// So many that a comparison is sure of a healthy treatment within minutes.
    package static let defaultRequestsPerSecond = 500.0

    /// How much of the strictest limit a healthy service uses up.
    static let healthyShare = 0.2
    /// Beyond every limit that a healthy service keeps.
    private static let incidentTimes = 10.0
    /// From almost nothing to just below the limit.
    private static let wanderingShare = 0.02...0.9

    /// A scenario by its name.
    ///
    /// - Parameters:
    ///   - name: Which one.
    ///   - requestsPerSecond: Traffic of both variants together; finite and above 0.
    /// - Returns: What is meant by the name.
    package static func named(
        _ name: Name,
        requestsPerSecond: Double = Scenario.defaultRequestsPerSecond
    ) -> Scenario {
        var scenario = Scenario(
            name: name,
            requestsPerSecond: requestsPerSecond,
            baseline: .steady(healthyShare),
            treatment: .asGood,
            trouble: .none
        )
        switch name {
        case .healthy: break
        case .regression: scenario.treatment = .failing(fromStep: 1)
        case .outage: scenario.trouble = .unreachable
        case .noData: scenario.trouble = .empty
        case .noTraffic: scenario.trouble = .noTraffic
        case .flapping:
            scenario.baseline = .wandering(wanderingShare)
            scenario.trouble = .flapping
        case .sharedIncident: scenario.baseline = .incident(healthyShare, times: incidentTimes)
        }
        return scenario
    }
}

extension Scenario.Name {
    /// What happens, for people.
    package var summary: String {
        switch self {
        case .healthy: "nothing goes wrong"
        case .regression: "the treatment fails from the second step on"
        case .outage: "the metrics are unreachable from the middle of the first step on"
        case .noData: "the metrics answer with nothing from the middle of the first step on"
        case .flapping: "the metrics come and go, and failures come close to the limit"
        case .noTraffic: "nobody uses the service from the middle of the first step on"
        case .sharedIncident: "everybody fares ten times as badly for a while during the first step"
        }
    }
}
