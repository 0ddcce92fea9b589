/// Many rollouts of one kind: a rule, a scenario, a cell and a ladder.
package struct Trial: Sendable {
    package var candidate: Candidate
    package var scenario: Scenario
    package var cell: Cell
    package var ladder = Ladder.whole
    package var runs: Int

    package init(
        _ candidate: Candidate,
        _ scenario: Scenario,
        _ cell: Cell,
        ladder: Ladder = .whole,
        runs: Int
    ) {
        self.candidate = candidate
        self.scenario = scenario
        self.cell = cell
        self.ladder = ladder
        self.runs = runs
    }

    /// Some of its rollouts.
    ///
    /// A rollout's seed depends on the scenario, the cell and its number, not on the rule: every rule gets the same ones.
    func tally(_ numbers: Range<Int>, seed: UInt64) -> Tally {
        let name = scenario.name.utf8.reduce(UInt64(0)) { Draws.seed($0, UInt64($1)) }
        var tally = Tally()
        for number in numbers {
            let own = Draws.seed(
                seed,
                name,
                cell.base.bitPattern,
                cell.requestsPerSecond.bitPattern,
                UInt64(number)
            )
            let traffic = Traffic(cell, scenario, seed: own)
            tally.count(ladder.course(of: traffic, under: candidate.rule(traffic)))
        }
        return tally
    }
}

/// Carries out trials on several threads; what comes out does not depend on how many.
package struct Trials: Sendable {
    package var seed: UInt64
    package var threads: Int

    package init(seed: UInt64, threads: Int) {
        self.seed = seed
        self.threads = threads
    }

    /// Small enough to keep all threads busy to the end; fixed, because sums depend on the order of their terms.
    private static let portion = 250

    private struct Portion: Sendable {
        var trial: Int
        var numbers: Range<Int>
    }

    /// The tallies of the trials, in their order.
    package func tallies(of trials: [Trial]) async -> [Tally] {
        let portions = trials.enumerated().flatMap { index, trial in
            stride(from: 0, to: trial.runs, by: Self.portion).map { first in
                Portion(trial: index, numbers: first..<min(first + Self.portion, trial.runs))
            }
        }
        let results = await results(of: portions.count) { index in
            let portion = portions[index]
            return trials[portion.trial].tally(portion.numbers, seed: seed)
        }
        var tallies = trials.map { _ in Tally() }
        for (portion, tally) in zip(portions, results) {
            tallies[portion.trial] = tallies[portion.trial] + tally
        }
        return tallies
    }

    /// The results of so many pieces of work, in their order.
    private func results(of count: Int, _ work: @escaping @Sendable (Int) -> Tally) async -> [Tally] {
        await withTaskGroup(of: (Int, Tally).self) { group in
            var results = [Tally](repeating: Tally(), count: count)
            var next = 0
            while next < min(max(1, threads), count) {
                let index = next
                group.addTask { (index, work(index)) }
                next += 1
            }
            while let (index, tally) = await group.next() {
                results[index] = tally
                guard next < count else { continue }
                let following = next
                group.addTask { (following, work(following)) }
                next += 1
            }
            return results
        }
    }
}
