import FoundationEssentials
import Rollout
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("A random history of pages")
struct PageHistoryTests {
    /// One instance that is born, counts and restarts, and what it shows on its page.
    private struct Instance {
        var counters: [Int] = []
        /// Nil for one that does not say when it began.
        var start: Int?

        var page: Page {
            var text = counters.enumerated().map { "a_total{x=\"\($0)\"} \($1)\n" }
            text.append("b_total \(counters.count)\n")
            if let start { text.append("process_start_time_seconds \(start)\n") }
            return (try? Page(Array(text.joined().utf8), in: .text)) ?? Page()
        }

        /// Counts for a while; returns how many events there were.
        mutating func live(using dice: inout Dice) -> Int {
            var events = 0
            for index in counters.indices {
                let more = Int.random(in: 0...40, using: &dice)
                counters[index] += more
                events += more
            }
            while counters.count < 6, Int.random(in: 0..<3, using: &dice) == 0 {
                counters.append(.random(in: 0...30, using: &dice))
                events += counters.last ?? 0
            }
            return events
        }

        /// Begins anew, and counts until it shows less than before where nothing else tells of the restart.
        mutating func restart(at now: Int, using dice: inout Dice) -> Int {
            guard start == nil else {
                start = now
                counters = counters.map { _ in 0 }
                return live(using: &dice)
            }
            guard counters.allSatisfy({ $0 > 0 }) else { return live(using: &dice) }
            counters = counters.map { .random(in: 0..<$0, using: &dice) }
            return counters.reduce(0, +)
        }
    }

    @Test("is counted once and whole, however it is cut", arguments: 1...60 as ClosedRange<UInt64>)
    func tiles(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var instances = (0..<Int.random(in: 1...3, using: &dice)).map { index in
            Instance(start: Bool.random(using: &dice) ? 1_000 + index : nil)
        }
        let selector = try #require(Selector(text: "a_total"))
        var memory: CounterMemory?
        var (happened, counted, wasBlind) = (0, 0.0, false)
        for round in 1...40 {
            let now = Timestamp.newYear + .seconds(Int64(round) * 10)
            let isBlind = Int.random(in: 0..<5, using: &dice) == 0
            defer { wasBlind = isBlind }
            for index in instances.indices {
                // A restart that nobody looked at before takes with it what was not counted yet.
                // And where only a fall tells of it, nobody sees it once the counters have risen again.
                let isSeen = !wasBlind && memory != nil && (!isBlind || instances[index].start != nil)
                let restarts = isSeen && Int.random(in: 0..<6, using: &dice) == 0
                happened +=
                    restarts
                    ? instances[index].restart(at: 1_767_225_599 + round * 10, using: &dice)
                    : instances[index].live(using: &dice)
            }
            if isBlind { continue }
            let count = PageCount(selector: selector, through: now, memory: memory, staleAfter: .minutes(2))
            let (outcome, counters) = count.count(
                instances.enumerated().map { (url: "http://\($0)/metrics", page: $1.page) }
            )
            switch outcome {
            case .value(let reading): counted += reading.value
            case .firstLook: happened = 0
            case .noData: break
            default: Issue.record("seed \(seed), round \(round): \(outcome)")
            }
            if memory == nil { happened = 0 }
            // The state keeps it as JSON.
            memory = try JSONDecoder().decode(
                CounterMemory.self,
                from: JSONEncoder().encode(#require(counters))
            )
            #expect(counted == Double(happened), "seed \(seed), round \(round)")
        }
        #expect(counted > 0, "seed \(seed)")
    }
}
