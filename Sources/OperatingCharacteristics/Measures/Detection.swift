import Analysis

/// How long a regression goes unnoticed at 10 %, beside what any test of the same error needs on average at least.
package struct Detection: Sendable {
    package var settings: [Setting]

    /// A service and a regression.
    package struct Setting: Sendable {
        package var cell: Cell
        package var ratio: Double
        /// Looks, from the divergence between the arms (Wald 1945).
        package var bound: Double
        package var runs: Int
        /// The mean number of looks to a rollback; nil where a run did not end in time.
        package var mean: Double?

        /// How many times the bound it takes.
        package var timesBound: Double? { mean.map { $0 / bound } }
    }

    private static let ratios = [1.5, 2, 3, 5, 10]
    /// Shorter ones are decided by how long a look is; longer ones than a day nobody waits for.
    private static let bounds = 2.0...1440.0
    private static let exposed = 0.10
    private static let error = 0.01

    /// Measures every regression of every service whose bound is between two looks and a day.
    package init(of candidate: Candidate, runs: Int, by trials: Trials) async {
        settings = Cell.grid.flatMap { cell in
            Self.ratios.map { ratio in
                let bound = Self.bound(cell, ratio)
                return Setting(cell: cell, ratio: ratio, bound: bound, runs: bound > 60 ? runs / 4 : runs)
            }
        }
        .filter { Self.bounds.contains($0.bound) }
        let tallies = await trials.tallies(
            of: settings.map { setting in
                Trial(
                    candidate,
                    .times(setting.ratio, name: "x\(setting.ratio)"),
                    setting.cell,
                    ladder: .held(looks: Int(40 * setting.bound) + 40),
                    runs: setting.runs
                )
            }
        )
        for (index, tally) in tallies.enumerated() where tally.rolledBack == tally.runs {
            settings[index].mean = tally.meanRollbackLook
        }
    }

    private static func bound(_ cell: Cell, _ ratio: Double) -> Double {
        let (treated, others) = (cell.requestsPerLook * exposed, cell.requestsPerLook * (1 - exposed))
        return Expectation.fewestLooks(
            toRefute: ArmCount(exposures: treated, failures: treated * cell.base * ratio),
            beside: ArmCount(exposures: others, failures: others * cell.base),
            error: error
        )
    }

    /// How many times the bound it takes in the median setting; nil where no setting ended.
    package var median: Double? { settings.compactMap(\.timesBound).median }

    /// How many times the bound it takes in the worst setting; nil where no setting ended.
    package var most: Double? { settings.compactMap(\.timesBound).max() }

    /// What is promised of it after a day of history.
    package var limit: Limit { Limit.detection(settings.map(\.timesBound)) }
}

extension [Double] {
    /// The mean of both in the middle where there are two; nil without any.
    var median: Double? {
        guard !isEmpty else { return nil }
        let sorted = sorted()
        let middle = count / 2
        return count.isMultiple(of: 2) ? 0.5 * (sorted[middle - 1] + sorted[middle]) : sorted[middle]
    }
}
