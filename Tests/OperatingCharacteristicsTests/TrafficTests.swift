import Analysis
import Testing

@testable import OperatingCharacteristics

@Suite("Traffic")
struct TrafficTests {
    private let cell = Cell(base: 0.02, requestsPerSecond: 20)

    private func position(_ step: Int, looks: Int = 0) throws -> Position {
        var position = try #require(Ladder.whole.position(at: step))
        position.looks = looks
        return position
    }

    /// The control's and the treatment's share of failures in a minute, over many rollouts.
    private func shares(_ scenario: Scenario, minute: Int, at position: Position) -> (Double, Double) {
        let sum = (0..<300).reduce(ComparedCounts()) { sum, seed in
            sum
                + (Traffic(cell, scenario, seed: seed).minute(minute, at: position).counts ?? ComparedCounts())
        }
        return (sum.control.share ?? .nan, sum.treatment.share ?? .nan)
    }

    @Test("is the same for the same seed, and another for another")
    func seeded() throws {
        let position = try position(0)
        let minutes = (0..<20).map { Traffic(cell, .none, seed: 5).minute($0, at: position) }
        #expect(minutes == (0..<20).map { Traffic(cell, .none, seed: 5).minute($0, at: position) })
        #expect(minutes != (0..<20).map { Traffic(cell, .none, seed: 6).minute($0, at: position) })
        #expect(minutes[0] != minutes[1])
    }

    @Test("falls to the arms as the step says", arguments: [(0, 0.1), (1, 0.5), (2, 0.95)])
    func split(step: Int, share: Double) throws {
        let position = try position(step)
        let sum = (0..<100).reduce(ComparedCounts()) { sum, seed in
            sum + (Traffic(cell, .none, seed: seed).minute(0, at: position).counts ?? ComparedCounts())
        }
        let all = sum.treatment.exposures + sum.control.exposures
        #expect(abs(all / 100 - 1200) < 20)
        #expect(abs(sum.treatment.exposures / all - share) < 0.01)
    }

    @Test(
        "fails more often in the treatment from the minute on that the scenario says",
        arguments: [
            (Scenario.none, 0, 0, 1.0), (.twice, 0, 0, 2), (.fivefold, 0, 0, 5), (.ramp, 0, 0, 1),
            (.ramp, 15, 0, 3),
            (.ramp, 60, 0, 5), (.late, 20, 0, 1), (.late, 20, 1, 5), (.failing, 0, 0, 50),
        ]
    )
    func regressions(scenario: Scenario, minute: Int, step: Int, ratio: Double) throws {
        let (control, treatment) = try shares(scenario, minute: minute, at: position(step))
        #expect(abs(control - 0.02) < 0.002)
        #expect(abs(treatment / control / ratio - 1) < 0.15, "\(scenario.name) \(minute): \(treatment)")
    }

    @Test("fails ten times as often in both arms during an incident")
    func incidents() throws {
        for (scenario, minute, position, factor) in [
            (Scenario.shared, 2, try position(0), 1.0), (.shared, 3, try position(0), 10),
            (.shared, 12, try position(1), 10), (.shared, 13, try position(0), 1),
            (.sharedLate, 30, try position(1, looks: 5), 1), (.sharedLate, 30, try position(2, looks: 1), 1),
            (.sharedLate, 30, try position(2, looks: 2), 10),
        ] {
            let traffic = Traffic(cell, scenario, seed: 1)
            #expect(traffic.isIncident(minute, at: position) == (factor > 1))
            let (control, treatment) = shares(scenario, minute: minute, at: position)
            #expect(abs(treatment / 0.02 / factor - 1) < 0.2)
            #expect(abs(control / 0.02 / factor - 1) < 0.2)
        }
    }

    @Test("has minutes that nobody counted, whose harm counts all the same")
    func gaps() throws {
        let position = try position(0)
        let lost = (0..<200).filter { Traffic(cell, .gaps, seed: 1).minute($0, at: position).counts == nil }
        #expect(Set(6..<15).isSubset(of: lost))
        #expect(20...45 ~= lost.count, "a tenth of 191, and nine")
        let silent = Traffic(cell, .noData, seed: 1).minute(3, at: position)
        #expect(silent.counts == nil)
        #expect(abs(silent.harm - 120 * 0.98) < 1e-9)
    }

    @Test("loses a part of some minutes to counters that begin anew")
    func resets() throws {
        let position = try position(1)
        let exposures = (0..<400).compactMap {
            Traffic(cell, .reset, seed: 1).minute($0, at: position).counts?.treatment.exposures
        }
        #expect(8...40 ~= exposures.count { $0 < 480 }, "a twentieth of 400, most of them")
    }

    @Test("scatters more than independent failures do where they come in bursts")
    func bursts() {
        let independent = Traffic(cell, .none, seed: 1).history(minutes: 1440)
        let bursts = Traffic(cell, .burst, seed: 1).history(minutes: 1440)
        #expect(abs(Dispersion.prior(from: independent) - 1) < 0.2)
        #expect(Dispersion.prior(from: bursts) > 6)
        let share = bursts.reduce(ArmCount(), +).share ?? 0
        #expect(abs(share - 0.02) < 0.001)
    }
}
