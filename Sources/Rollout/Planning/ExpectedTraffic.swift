package import Analysis

/// What a comparison is expected to count.
package struct ExpectedTraffic: Sendable, Equatable {
    /// Exposures of both arms together, a minute; above 0.
    package var exposures: Double
    /// The share of them that fails without a regression, above 0 and below 1.
    package var failing: Double
    /// φ: what evidence is divided by, 1 or more.
    package var burstiness: Double
    /// What is known of the control already: the last step is held against it.
    package var known: ArmCount

    /// Without a burstiness failures are taken for independent of each other.
    package init(exposures: Double, failing: Double, burstiness: Double = 1, known: ArmCount = ArmCount()) {
        self.exposures = exposures
        self.failing = failing
        self.burstiness = burstiness
        self.known = known
    }
}

extension ExpectedTraffic {
    /// What history or the rollout so far lets expect; nil where nothing is known of the traffic.
    package init?(
        _ progress: ComparisonProgress,
        of comparison: Comparison,
        under settings: ComparisonSettings
    ) {
        guard let traffic = progress.traffic, traffic > 0 else { return nil }
        let test = progress.test
        var known = test.history + test.totals.control
        if !comparison.hasControl {
            known = (test.formerSteps + [test.step?.counts].compactMap(\.self))
                .reduce(known) { $0 + $1.treatment }
        }
        guard known.exposures > 0 else { return nil }
        self.init(
            exposures: traffic,
            failing: known.cautiousShare,
            burstiness: test.factor(under: settings),
            known: comparison.hasControl ? known : test.history
        )
    }
}

extension ArmCount {
    /// The share of failures with half a failure more, as in Jeffreys' prior: never 0 and never 1.
    var cautiousShare: Double { (failures + 0.5) / (exposures + 1) }
}
