extension Detection {
    /// Each setting beside its bound.
    package func section(beside hour: Detection) -> Section {
        let times: (Double?) -> String = { $0.map { Figures.fixed($0, digits: 2) } ?? "–" }
        let summary =
            "Mean looks to a rollback at 10 %. With 24 hours of history \(times(median)) times the bound in the median"
            + " setting and \(times(most)) in the worst; with 1 hour \(times(hour.median)) and \(times(hour.most))."
        return Section(
            title: "Beside the fewest looks any test needs",
            remark: summary,
            table: TextTable(
                head: ["service", "ratio", "bound", "24 h: looks", "× bound", "1 h: × bound"],
                rows: zip(settings, hour.settings).map { day, hour in
                    [
                        day.cell.name,
                        Figures.fixed(day.ratio, digits: 1),
                        Figures.fixed(day.bound, digits: 1),
                        day.mean.map { Figures.fixed($0, digits: 1) } ?? "–",
                        times(day.timesBound),
                        times(hour.timesBound),
                    ]
                }
            )
        )
    }
}

extension EndlessLooks {
    /// Each service.
    package var section: Section {
        Section(
            title: "Looked at for ever",
            remark:
                "A harmless flag held at 10 % for \(Figures.grouped(Double(looks))) looks, failures swinging by half.",
            table: TextTable(
                head: ["service", "runs", "rolled back", "95 % sure: at most"],
                rows: tallies.map { cell, tally in
                    [
                        cell.name,
                        Figures.grouped(Double(tally.runs)),
                        Figures.percent(tally.rollbackShare),
                        Figures.percent(ExactBound.upper(tally.rolledBack, of: tally.runs)),
                    ]
                }
            )
        )
    }
}

extension [Limit] {
    /// All of them, as a table.
    package var section: Section {
        Section(
            title: "Limits",
            remark: "What was measured, how far chance may have misled it, and what it may be at most.",
            table: TextTable(
                head: ["promise", "measured", "95 % sure", "limit", ""],
                rows: map {
                    [$0.name, $0.measured, $0.sampling ?? "", $0.most, $0.holds ? "holds" : "BROKEN"]
                }
            )
        )
    }
}
