/// Every rule in every scenario and every service.
package struct Survey: Sendable {
    package let candidates: [Candidate]
    private var tallies: [Key: Tally] = [:]

    private struct Key: Hashable {
        var candidate: String
        var scenario: String
        var cell: Cell
    }

    /// How many rollouts are tried.
    package struct Runs: Sendable, Equatable {
        /// A service where a share of a hundredth is to be measured: the product's rollbacks of a harmless treatment.
        package var exact: Int
        /// A service elsewhere.
        package var rough: Int

        package init(exact: Int) {
            self.exact = exact
            rough = max(1, exact / 5)
        }
    }

    /// Tries them.
    ///
    /// - Parameters:
    ///   - candidates: Each with a name of its own.
    ///   - scenarios: Each with a name of its own.
    ///   - runs: Of each service.
    ///   - trials: What to carry it out with.
    package init(
        _ candidates: [Candidate] = Candidate.all,
        in scenarios: [Scenario] = Scenario.harmless + Scenario.harmful,
        runs: Runs,
        by trials: Trials
    ) async {
        self.candidates = candidates
        let kinds = candidates.flatMap { candidate in
            scenarios.filter { $0.isFair(to: candidate) }.flatMap { scenario in
                scenario.cells.map { cell in
                    Trial(
                        candidate,
                        scenario,
                        cell,
                        runs: Self.isLimited(candidate, scenario) ? runs.exact : runs.rough
                    )
                }
            }
        }
        for (trial, tally) in zip(kinds, await trials.tallies(of: kinds)) {
            let key = Key(
                candidate: trial.candidate.name,
                scenario: trial.scenario.name,
                cell: trial.cell
            )
            tallies[key] = tally
        }
    }

    private static func isLimited(_ candidate: Candidate, _ scenario: Scenario) -> Bool {
        guard !scenario.isHarmful else { return false }
        return candidate.name == Candidate.tidegate.name
            || candidate.name == Candidate.tidegateAfterADay.name && scenario == .burst
    }

    /// What came of one rule in one scenario and service; nil where that was not tried.
    package func tally(_ candidate: Candidate, _ scenario: Scenario, _ cell: Cell) -> Tally? {
        tallies[Key(candidate: candidate.name, scenario: scenario.name, cell: cell)]
    }

    /// The same for all services; empty where that was not tried.
    package func tallies(_ candidate: Candidate, _ scenario: Scenario) -> [Tally] {
        scenario.cells.compactMap { tally(candidate, scenario, $0) }
    }

    /// The service whose share of rollbacks is the largest; nil where none was tried.
    package func worst(_ candidate: Candidate, _ scenario: Scenario) -> Tally? {
        tallies(candidate, scenario).max { $0.rollbackShare < $1.rollbackShare }
    }
}

extension Scenario {
    /// A constant for the share of failures says nothing about the share of slow requests.
    fileprivate func isFair(to candidate: Candidate) -> Bool { base == nil || candidate.isRelative }
}

extension [Tally] {
    /// The mean of a number over services; nil without any.
    package func mean(_ number: (Tally) -> Double) -> Double? {
        isEmpty ? nil : reduce(0) { $0 + number($1) } / Double(count)
    }
}
