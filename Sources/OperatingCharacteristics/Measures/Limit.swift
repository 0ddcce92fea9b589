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
            sampling: "at most " + Figures.percent(ExactBound.upper(tally.rolledBack, of: tally.runs))
                + " (\(tally.rolledBack) of \(Figures.grouped(Double(tally.runs))))",
            most: Figures.percent(most),
            holds: tally.rollbackShare <= most
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
        return harmless + [burst] + ReferenceSimulation.rows.flatMap(limits)
    }

    private func limits(beside reference: ReferenceSimulation) -> [Limit] {
        let tallies = tallies(.tidegate, reference.scenario)
        let allowance = ReferenceSimulation.allowance
        let name = reference.scenario.name
        guard let promoted = tallies.mean(\.promotionShare), let harm = tallies.mean(\.meanHarm) else {
            return []
        }
        let runs = tallies.reduce(0) { $0 + $1.runs }
        let promotions = tallies.reduce(0) { $0 + $1.promoted }
        return [
            Limit(
                name: "wrong promotion, `\(name)`, mean",
                measured: Figures.percent(promoted),
                sampling: "at most " + Figures.percent(ExactBound.upper(promotions, of: runs)),
                most: Figures.percent(reference.promoted * allowance),
                holds: promoted <= reference.promoted * allowance
            ),
            Limit(
                name: "bad requests, `\(name)`, mean",
                measured: Figures.grouped(harm),
                most: Figures.grouped(reference.harm * allowance),
                holds: harm <= reference.harm * allowance
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
