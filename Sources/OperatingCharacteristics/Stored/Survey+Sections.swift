extension Survey {
    /// The comparison of the rules, as tables.
    package var sections: [Section] {
        [rules, falseRollbacks, wrongPromotions, badRequests, raises, minutes, services]
    }

    private var rules: Section {
        Section(
            title: "The rules",
            remark:
                "Thresholds are those their documentation uses in examples; steps and times are the same for all.",
            table: TextTable(
                head: ["rule", "what it does"],
                rows: candidates.map { [$0.name, $0.meaning] },
                wordColumns: 2
            )
        )
    }

    private var falseRollbacks: Section {
        Section(
            title: "A harmless flag rolled back",
            remark: "Share of whole rollouts: mean of the services, and the worst service.",
            table: table(Scenario.harmless) { tallies in
                guard let mean = tallies.mean(\.rollbackShare),
                    let worst = tallies.map(\.rollbackShare).max()
                else { return nil }
                return "\(Figures.percent(mean)), \(Figures.percent(worst))"
            }
        )
    }

    private var wrongPromotions: Section {
        Section(
            title: "A bad flag promoted",
            remark:
                "Share of whole rollouts that ended with everybody on it, within four hours: mean of the services.",
            table: table(Scenario.harmful) { $0.mean(\.promotionShare).map(Figures.percent) }
        )
    }

    private var badRequests: Section {
        Section(
            title: "Bad requests served",
            remark:
                "Requests that failed for the flag's sake, until it was rolled back or four hours were over: mean of the services.",
            table: table(Scenario.harmful) { $0.mean(\.meanHarm).map { Figures.grouped($0) } }
        )
    }

    private var raises: Section {
        Section(
            title: "Raised while an incident hits both arms",
            remark:
                "Share of whole rollouts in which a step was passed, or the rollout completed, during the incident: mean.",
            table: table([.shared, .sharedLate]) { $0.mean(\.incidentRaiseShare).map(Figures.percent) }
        )
    }

    private func table(_ scenarios: [Scenario], _ cell: ([Tally]) -> String?) -> TextTable {
        TextTable(
            head: ["rule"] + scenarios.map { "`\($0.name)`" },
            rows: candidates.map { candidate in
                [candidate.name] + scenarios.map { cell(tallies(candidate, $0)) ?? "–" }
            }
        )
    }

    private var minutes: Section {
        let middle = Cell(base: 0.005, requestsPerSecond: 20)
        let busy = Cell(base: 0.005, requestsPerSecond: 500)
        return Section(
            title: "Looks until something happens",
            remark: "One look a minute; medians of the rollouts that ended so, in services where 0.5 % fail.",
            table: TextTable(
                head: [
                    "rule", "`x2` rolled back, 20/s", "`x5`, 20/s", "`fail100`, 20/s",
                    "`none` promoted, 20/s",
                    "`none`, 500/s",
                ],
                rows: candidates.map { candidate in
                    [candidate.name]
                        + [Scenario.twice, .fivefold, .failing].map {
                            Figures.grouped(tally(candidate, $0, middle)?.medianRollbackLook)
                        }
                        + [middle, busy].map {
                            Figures.grouped(tally(candidate, .none, $0)?.medianPromotionLook)
                        }
                }
            )
        )
    }

    private var services: Section {
        let candidate = Candidate.tidegateAfterADay
        return Section(
            title: "Tidegate, service by service",
            remark: "After 24 hours of history. Looks are medians.",
            table: TextTable(
                head: [
                    "service", "`none` rolled back", "promoted", "still held after 4 h", "looks to promotion",
                    "`x2` promoted", "looks to rollback", "`x5` promoted", "looks to rollback",
                ],
                rows: Cell.grid.map { cell in
                    let none = tally(candidate, .none, cell) ?? Tally()
                    let regressions = [Scenario.twice, .fivefold].flatMap { scenario in
                        let tally = tally(candidate, scenario, cell) ?? Tally()
                        return [
                            Figures.percent(tally.promotionShare), Figures.grouped(tally.medianRollbackLook),
                        ]
                    }
                    return [
                        cell.name, Figures.percent(none.rollbackShare), Figures.percent(none.promotionShare),
                        Figures.percent(1 - none.rollbackShare - none.promotionShare),
                        Figures.grouped(none.medianPromotionLook),
                    ] + regressions
                }
            )
        )
    }
}

extension Cell {
    /// As tables name it.
    var name: String {
        "\(Figures.fixed(base * 100, digits: 1)) % of \(Figures.fixed(requestsPerSecond, digits: 0))/s"
    }
}
