import Rollout
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("Counting events")
struct CountingTests {
    private static let start = Timestamp.newYear

    /// Asks for one interval, round by round, and returns the outcome and the number of rounds.
    private static func count(
        _ server: MadeUpServer,
        from: Timestamp,
        through: Timestamp
    ) throws -> (outcome: Outcome, rounds: Int) {
        var inquiry = CountInquiry(
            selector: "events",
            from: from,
            through: through,
            staleAfter: .hours(48),
            seriesLimit: 1_000
        )
        var progress = inquiry.opening()
        var rounds = 0
        while case .ask(let queries) = progress {
            rounds += 1
            progress = inquiry.proceed(with: try #require(server.answer(queries), "\(queries)"))
        }
        guard case .done(let outcome, _) = progress else { return (.noData, rounds) }
        return (outcome, rounds)
    }

    /// Series that are born, restart and fall silent at random, and how many events they saw in all.
    private static func randomSeries(using dice: inout Dice) -> (series: [MatrixSeries], events: Double) {
        var total = 0.0
        let series = (0..<Int.random(in: 1...4, using: &dice)).map { pod in
            var at = start + .milliseconds(.random(in: 0...600_000, using: &dice))
            var value = Double(Int.random(in: 0...50, using: &dice))
            total += value
            var samples = [Sample(at: at, value: value)]
            while at < start + .minutes(40) {
                let gap: Span =
                    switch Int.random(in: 0..<40, using: &dice) {
                    case 0: .minutes(.random(in: 4...15, using: &dice))
                    default: .milliseconds(.random(in: 14_000...16_000, using: &dice))
                    }
                at = at + gap
                if Int.random(in: 0..<25, using: &dice) == 0 {
                    // A restart is seen as a fall only; one that outgrows the old value is lost to everybody.
                    value = Double(Int.random(in: 0...max(0, Int(value) - 1), using: &dice))
                    total += samples[samples.count - 1].value > value ? value : 0
                } else {
                    let more = Double(Int.random(in: 0...9, using: &dice))
                    value += more
                    total += more
                }
                samples.append(Sample(at: at, value: value))
            }
            return MatrixSeries(
                labels: ["__name__": "events", "pod": "\(pod)"],
                samples: samples,
                hasHistograms: false
            )
        }
        return (series, total)
    }

    @Test("counts each event once, wherever time is cut", arguments: 1...40 as ClosedRange<UInt64>)
    func tiles(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let (series, events) = Self.randomSeries(using: &dice)
        for takesStartIn in [true, false] {
            let server = MadeUpServer(series: series, takesStartIn: takesStartIn)
            var cut = Self.start - .milliseconds(1)
            var sum = 0.0
            while cut < Self.start + .hours(1) {
                let next = cut + .milliseconds(.random(in: 1_000...200_000, using: &dice))
                switch try Self.count(server, from: cut, through: next).outcome {
                case .value(let reading): sum += reading.value
                case .noData: break
                case let other: Issue.record("seed \(seed): \(other) in \(cut)…\(next)")
                }
                cut = next
            }
            #expect(sum == events, "seed \(seed), start of range taken in: \(takesStartIn)")
        }
    }

    @Test("gives the same whether the ends fall on samples or not, in both kinds of windows")
    func windowEnds() throws {
        // The sample at the very start of what is asked for: 5 minutes before the interval.
        let samples = [-300, -285, 0, 15, 60].map {
            Sample(at: Self.start + .seconds($0), value: Double($0 + 400))
        }
        let series = [MatrixSeries(labels: ["pod": "a"], samples: samples, hasHistograms: false)]
        for takesStartIn in [true, false] {
            let server = MadeUpServer(series: series, takesStartIn: takesStartIn)
            let outcome = try Self.count(server, from: Self.start, through: Self.start + .seconds(60)).outcome
            guard case .value(let reading) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(reading.value == 60)
            #expect(reading.newestSample == Self.start + .seconds(60))
        }
    }

    @Test("counts a newborn series from zero, and asks whether it really is one")
    func newborn() throws {
        let samples = [Sample(at: Self.start + .seconds(30), value: 36)]
        let server = MadeUpServer(
            series: [MatrixSeries(labels: ["pod": "new"], samples: samples, hasHistograms: false)],
            takesStartIn: true
        )
        let (outcome, rounds) = try Self.count(server, from: Self.start, through: Self.start + .seconds(60))
        #expect(outcome == .value(Reading(value: 36, newestSample: samples[0].at)))
        #expect(rounds == 3)
    }

    @Test("does not count a whole counter again after a gap in scraping")
    func gap() throws {
        let samples = [(-3_600, 1_000.0), (30, 1_007)].map {
            Sample(at: Self.start + .seconds($0.0), value: $0.1)
        }
        let server = MadeUpServer(
            series: [MatrixSeries(labels: ["pod": "a"], samples: samples, hasHistograms: false)],
            takesStartIn: true
        )
        let (outcome, _) = try Self.count(server, from: Self.start, through: Self.start + .seconds(60))
        #expect(outcome == .value(Reading(value: 7, newestSample: samples[1].at)))
    }

    @Test("takes two rounds when nothing is new")
    func rounds() throws {
        let samples = (0...8).map { Sample(at: Self.start + .seconds($0 * 15 - 60), value: Double($0)) }
        let server = MadeUpServer(
            series: [MatrixSeries(labels: ["pod": "a"], samples: samples, hasHistograms: false)],
            takesStartIn: true
        )
        let (outcome, rounds) = try Self.count(server, from: Self.start, through: Self.start + .seconds(60))
        #expect(outcome == .value(Reading(value: 4, newestSample: Self.start + .seconds(60))))
        #expect(rounds == 2)
    }

    @Test("is zero, not nothing, for a series that is there but silent")
    func silent() throws {
        let samples = [Sample(at: Self.start - .seconds(20), value: 5)]
        let server = MadeUpServer(
            series: [MatrixSeries(labels: [:], samples: samples, hasHistograms: false)],
            takesStartIn: true
        )
        let (outcome, _) = try Self.count(server, from: Self.start, through: Self.start + .seconds(60))
        #expect(outcome == .value(Reading(value: 0, newestSample: samples[0].at)))
        let (nothing, _) = try Self.count(
            MadeUpServer(series: [], takesStartIn: true),
            from: Self.start,
            through: Self.start + .seconds(60)
        )
        #expect(nothing == .noData)
    }

    @Test("refuses values that no counter has", arguments: [-1, .nan, .infinity] as [Double])
    func noCounter(value: Double) {
        let interval = CountedInterval(from: Self.start, through: Self.start + .seconds(60))
        let samples = [Sample(at: Self.start + .seconds(1), value: value)]
        let outcome = interval.count([CounterSeries(identity: "load{}", samples: samples)])
            .outcome(through: interval.through, staleAfter: .minutes(2))
        switch outcome {
        case .notFinite: #expect(!value.isFinite)
        case .refused(.request, let message): #expect(message.contains("load{}"))
        default: Issue.record("\(outcome)")
        }
    }

    @Test("refuses an interval that is empty or runs backwards", arguments: [0, -1] as [Int64])
    func emptyInterval(length: Int64) throws {
        let server = MadeUpServer(series: [], takesStartIn: true)
        let (outcome, rounds) = try Self.count(
            server,
            from: Self.start,
            through: Self.start + .seconds(length)
        )
        guard case .refused(.request, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(rounds == 0)
    }
}
