/// A harmless treatment that stays at 10 % and is looked at again and again, while failures swing by half around their
/// mean.
package struct EndlessLooks: Sendable {
    package var looks: Int
    /// In the order of the grid.
    package var tallies: [(cell: Cell, tally: Tally)]

    /// Measures it in every service.
    package init(of candidate: Candidate, looks: Int = 1000, runs: Int, by trials: Trials) async {
        self.looks = looks
        var scenario = Scenario("endless")
        scenario.swing = 0.5
        let kinds = Cell.grid.map {
            Trial(candidate, scenario, $0, ladder: .held(looks: looks), runs: runs)
        }
        tallies = Array(zip(Cell.grid, await trials.tallies(of: kinds)))
    }

    /// The service whose share of rollbacks is the largest.
    package var worst: Tally? { tallies.map(\.tally).max { $0.rollbackShare < $1.rollbackShare } }
}
