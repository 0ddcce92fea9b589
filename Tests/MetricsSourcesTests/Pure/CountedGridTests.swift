import Rollout
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("Counting on a grid")
struct CountedGridTests {
    private let grid = CountedGrid(from: .newYear, interval: .minutes(1), count: 5)

    private func series(_ values: [(minute: Int64, value: Double)], earlier: Double? = nil) -> CounterSeries {
        CounterSeries(
            identity: "a_total{}",
            samples: values.map { Sample(at: .newYear + .minutes($0.minute), value: $0.value) },
            earlier: earlier.map { Sample(at: .newYear, value: $0) }
        )
    }

    @Test("gives each increment to the interval that its later value ends")
    func increments() {
        let one = series([(0, 10), (1, 11), (2, 13), (3, 13), (4, 2), (5, 4)])
        let back = series([(3, 7), (5, 8)], earlier: 6)
        let newborn = series([(5, 3)])
        #expect(grid.counts([one, back, newborn], after: nil) == .success([1, 2, 1, 2, 6]))
        #expect(grid.counts([], after: nil) == .success([0, 0, 0, 0, 0]))
    }

    @Test("begins where the first of several series does that are not older")
    func beginning() {
        let late = series([(3, 7)])
        let first = series([(1, 100), (5, 101)])
        #expect(grid.endOfBeginning(of: [late, first]) == .newYear + .minutes(6))
        #expect(grid.counts([late, first], after: .newYear + .minutes(2)) == .success([0, 0, 7, 0, 1]))
        for old in [series([(0, 1)]), series([(4, 1)], earlier: 1)] {
            #expect(grid.endOfBeginning(of: [late, first, old]) == nil)
        }
        #expect(grid.endOfBeginning(of: []) == nil)
        let hourly = CountedGrid(from: .newYear, interval: .hours(1), count: 5)
        #expect(hourly.endOfBeginning(of: [first]) == .newYear + .minutes(61))
    }

    @Test("has no value that a counter cannot have", arguments: [-1, .infinity, .nan])
    func notACounter(value: Double) {
        guard case .failure(let odd) = grid.counts([series([(0, 1), (2, value)])], after: nil) else {
            Issue.record("counted")
            return
        }
        #expect(odd.series == "a_total{}")
    }

    @Test("keeps its newest intervals, and always one")
    func newest() {
        #expect(grid.newest(5) == grid)
        let two = CountedGrid(from: .newYear + .minutes(3), interval: .minutes(1), count: 2)
        #expect(grid.newest(2) == two)
        #expect(grid.newest(0).count == 1)
        #expect(grid.newest(0).through == grid.through)
    }
}
