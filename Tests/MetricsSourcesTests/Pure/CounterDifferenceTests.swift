import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@testable import MetricsSources

/// What became of a counter from one value to the next, as an independent implementation has it.
///
/// Two of its answers are finer here. A value without one before it is unknown there. Here it is told that something
/// older is lacking, and the source asks for it; only a series that never was before began at 0. Without a new
/// value, unknown there, nothing was counted here, and the newest sample lies before the interval, which tells the
/// caller that it saw nothing.
@Suite("The difference of two values of a counter")
struct CounterDifferenceTests {
    private struct Row: Decodable {
        var prev, cur, delta: Double?
    }

    private static let earlier = Timestamp.newYear
    private static let interval = CountedInterval(
        from: earlier + .seconds(30),
        through: earlier + .minutes(2)
    )

    private static func rows() throws -> [Row] {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        let path = Golden.fixtures("../Fixtures/counter-differences.json", besides: #filePath)
        return try decoder.decode([Row].self, from: FileManager.default.contents(atPath: path) ?? Data())
    }

    @Test("is what it gained, all of it after a reset, and nothing that is no counter's")
    func differences() throws {
        let rows = try Self.rows()
        #expect(rows.count == 11)
        for row in rows {
            let before = row.prev.map { Sample(at: Self.earlier, value: $0) }
            let after = row.cur.map { Sample(at: Self.earlier + .minutes(1), value: $0) }
            let samples = [before, after].compactMap(\.self)
            let series = CounterSeries(identity: "events{}", samples: samples)
            let result = Self.interval.count([series])
            switch (row.prev, row.cur, result) {
            case (nil, let value?, .counted(let events, _, _)):
                #expect(Self.interval.lacksBaseline(samples), "\(row)")
                #expect(events == value, "\(row)")
            case (_, nil, .counted(let events, let newest, _)):
                #expect(events == 0, "\(row)")
                #expect(newest <= Self.interval.from, "\(row)")
            case (_, _, .counted(let events, _, _)):
                #expect(events == row.delta, "\(row)")
                #expect(!Self.interval.lacksBaseline(samples), "\(row)")
            case (_, _, .notACounter):
                #expect(row.delta == nil, "\(row)")
                #expect(samples.contains { !$0.value.isFinite || $0.value < 0 }, "\(row)")
            case (_, _, .nothing):
                Issue.record("\(row) came to nothing")
            }
        }
    }
}
