/// Something the product promises, as a number that was measured.
package struct Limit: Sendable {
    package var name: String
    package var measured: String
    /// What the measured number may be in truth, with 95 % confidence; nil where that is not the question.
    package var sampling: String?
    package var most: String
    package var holds: Bool
    /// Whether it is the same wherever it is measured.
    package var isStored = true
}

extension Limit {
    /// A share of the runs in the worst service.
    static func share(_ name: String, _ tally: Tally?, most: Double) -> Limit {
        guard let tally else {
            return Limit(name: name, measured: "–", most: Figures.percent(most), holds: false)
        }
        return Limit(
            name: name,
            measured: Figures.percent(tally.rollbackShare),
            sampling: Figures.atMost(ExactBound.upper(tally.rolledBack, of: tally.runs))
                + " (\(tally.rolledBack) of \(Figures.grouped(Double(tally.runs))))",
            most: Figures.percent(most),
            holds: tally.rollbackShare <= most
        )
    }

    /// A share of the runs of all services, each of them counting the same.
    static func mean(
        _ name: String,
        _ tallies: [Tally],
        most: Double,
        of count: (Tally) -> Int,
        share: (Tally) -> Double
    ) -> Limit {
        guard let mean = tallies.mean(share) else {
            return Limit(name: name, measured: "–", most: Figures.percent(most), holds: false)
        }
        let runs = tallies.reduce(0) { $0 + $1.runs }
        let counted = tallies.reduce(0) { $0 + count($1) }
        return Limit(
            name: name,
            measured: Figures.percent(mean),
            sampling: Figures.atMost(ExactBound.upper(counted, of: runs)),
            most: Figures.percent(most),
            holds: mean <= most
        )
    }

    /// How many times the fewest looks it takes to find a regression, in the median setting.
    ///
    /// - Parameter times: Of every setting; nil where a regression was not found in time.
    /// - Returns: One that does not hold either where any was not found in time.
    static func detection(_ times: [Double?]) -> Limit {
        let most = 1.5
        let found = times.compactMap(\.self)
        let median = found.median
        return Limit(
            name: "looks to a rollback, 24 h of history, × the fewest, median",
            measured: median.map { Figures.fixed($0, digits: 2) } ?? "–",
            most: Figures.fixed(most, digits: 2),
            holds: found.count == times.count && median.map { $0 <= most } == true
        )
    }

    /// The time one decision takes.
    package static func decision(nanoseconds: Double) -> Limit {
        let most = 5000.0
        return Limit(
            name: "one decision, median",
            measured: Figures.grouped(nanoseconds) + " ns",
            most: Figures.grouped(most) + " ns",
            holds: nanoseconds <= most,
            isStored: false
        )
    }
}

extension Survey {
    /// What is promised of whole rollouts.
    package var limits: [Limit] {
        let harmless = [Scenario.none, .shared, .sharedLate, .gaps, .reset].map {
            Limit.share("false rollback, `\($0.name)`, worst service", worst(.tidegate, $0), most: 0.01)
        }
        let burst = Limit.share(
            "false rollback, `burst`, 24 h of history, worst service",
            worst(.tidegateAfterADay, .burst),
            most: 0.02
        )
        return harmless + [burst] + raises + ReferenceSimulation.rows.flatMap(limits)
    }

    /// Nothing is promoted while the service is not itself.
    private var raises: [Limit] {
        [Candidate.tidegate, .tidegateAfterADay].flatMap { candidate in
            [Scenario.shared, .sharedLate].map { scenario in
                Limit.mean(
                    "\(candidate.name): raised during the incident, `\(scenario.name)`, mean",
                    tallies(candidate, scenario),
                    most: 0.01,
                    of: \.raisedInIncident,
                    share: \.incidentRaiseShare
                )
            }
        }
    }

    private func limits(beside reference: ReferenceSimulation) -> [Limit] {
        let tallies = tallies(.tidegate, reference.scenario)
        let allowance = ReferenceSimulation.allowance
        let name = reference.scenario.name
        let harm = tallies.mean(\.meanHarm)
        let mostHarm = reference.harm * allowance
        return [
            Limit.mean(
                "wrong promotion, `\(name)`, mean",
                tallies,
                most: reference.promoted * allowance,
                of: \.promoted,
                share: \.promotionShare
            ),
            Limit(
                name: "bad requests, `\(name)`, mean",
                measured: harm.map { Figures.grouped($0) } ?? "–",
                most: Figures.grouped(mostHarm),
                holds: harm.map { $0 <= mostHarm } == true
            ),
        ]
    }
}

extension EndlessLooks {
    /// What is promised of a rollout that is looked at for ever.
    package var limit: Limit {
        Limit.share(
            "false rollback in \(Figures.grouped(Double(looks))) looks at 10 %, worst service",
            worst,
            most: 0.01
        )
    }
}
