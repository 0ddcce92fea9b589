/// What happens to a service while a rollout goes on.
package struct Scenario: Sendable, Hashable {
    package var name: String
    package var regression = Regression.none
    package var incident = Incident.none
    /// Failures come in clusters of five on average, and each arm has better and worse minutes of its own.
    package var isBursty = false
    /// How far the failures of both arms swing around their mean, as a part of it.
    package var swing = 0.0
    package var outage = Outage.none
    /// Whether counters begin anew every now and then, and lose what they had counted since the last look.
    package var hasResets = false
    /// The control's share of failures where the grid of services does not give it.
    package var base: Double?

    package init(_ name: String) { self.name = name }

    /// How much more often the treatment fails.
    package enum Regression: Sendable, Hashable {
        case none
        /// So many times as often as the control, from the first look on.
        case times(Double)
        /// This share of its requests, whatever the control does.
        case share(Double)
        /// One to five times as often, in half an hour.
        case ramp
        /// So many times as often from the second step on: a matter of load.
        case late(Double)
    }

    /// Ten minutes in which both arms fail ten times as often.
    package enum Incident: Sendable, Hashable {
        case none
        /// After three looks of the rollout.
        case early
        /// After two looks of the last step.
        case inLastStep
    }

    /// When nothing is known of a minute.
    package enum Outage: Sendable, Hashable {
        case none
        /// A tenth of the looks, and nine in a row.
        case gaps
        case always
    }

    /// Whether the treatment is worse than the control.
    package var isHarmful: Bool { regression != .none }
}

extension Scenario {
    private func with(_ change: (inout Scenario) -> Void) -> Scenario {
        var changed = self
        change(&changed)
        return changed
    }

    /// A treatment that fails so many times as often as the control.
    package static func times(_ ratio: Double, name: String) -> Scenario {
        Scenario(name).with { $0.regression = .times(ratio) }
    }

    package static let none = Scenario("none")
    package static let shared = Scenario("shared").with { $0.incident = .early }
    package static let sharedLate = Scenario("shared100").with { $0.incident = .inLastStep }
    package static let burst = Scenario("burst").with { $0.isBursty = true }
    package static let gaps = Scenario("gaps").with { $0.outage = .gaps }
    package static let reset = Scenario("reset").with { $0.hasResets = true }

    package static let slight = times(1.2, name: "x1.2")
    package static let twice = times(2, name: "x2")
    package static let fivefold = times(5, name: "x5")
    package static let failing = Scenario("fail100").with { $0.regression = .share(1) }
    package static let ramp = Scenario("ramp").with { $0.regression = .ramp }
    package static let late = Scenario("late5").with { $0.regression = .late(5) }
    package static let burstFivefold = burst.with { ($0.name, $0.regression) = ("burst_x5", .times(5)) }
    package static let gapsFivefold = gaps.with { ($0.name, $0.regression) = ("gaps_x5", .times(5)) }
    /// A treatment that is broken, and nobody counts.
    package static let noData = failing.with { ($0.name, $0.outage) = ("nodata", .always) }
    /// Slow requests instead of failed ones: 5 % are slow; a log-normal time (σ = 0.6) that is 1.3 times as long makes
    /// it 11.4 %.
    package static let latency = Scenario("latency").with {
        ($0.base, $0.regression) = (0.05, .share(0.1137))
    }

    /// Nothing is wrong with the treatment.
    package static let harmless = [none, shared, sharedLate, burst, gaps, reset]
    package static let harmful = [
        slight, twice, fivefold, failing, ramp, late, burstFivefold, gapsFivefold, noData, latency,
    ]
}

extension Scenario {
    /// The services it is tried on: where its share of failures is its own, only their traffic differs.
    package var cells: [Cell] {
        guard let base else { return Cell.grid }
        var rates: [Double] = []
        for cell in Cell.grid where !rates.contains(cell.requestsPerSecond) {
            rates.append(cell.requestsPerSecond)
        }
        return rates.map { Cell(base: base, requestsPerSecond: $0) }
    }
}
