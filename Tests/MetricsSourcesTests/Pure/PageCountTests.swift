import Rollout
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("Counting between two looks at pages")
struct PageCountTests {
    private static let url = "http://a/metrics"
    private static let first = Timestamp.newYear
    private static let second = Timestamp.newYear + .minutes(1)

    private static func count(
        _ texts: [String],
        _ selector: String = "a_total",
        at now: Timestamp = second,
        since memory: CounterMemory? = nil
    ) throws -> (outcome: Outcome, counters: CounterMemory?) {
        let pages = try texts.enumerated().map { index, text in
            (url: index == 0 ? url : "\(url)\(index)", page: try Page(Array(text.utf8), in: .text))
        }
        let count = PageCount(
            selector: try #require(Selector(text: selector)),
            through: now,
            memory: memory,
            staleAfter: .minutes(2)
        )
        return count.count(pages)
    }

    /// What the second look counts after the first.
    private static func counted(_ before: String, _ after: String, _ selector: String = "a_total") throws
        -> Outcome
    {
        let look = try count([before], selector, at: first)
        return try count([after], selector, since: look.counters).outcome
    }

    private static func events(_ number: Double, of series: Int = 1) -> Outcome {
        .value(Reading(value: number, newestSample: second, seriesCount: series))
    }

    @Test("begins with a first look, which remembers page and labels of each counter")
    func firstLook() throws {
        let (outcome, counters) = try Self.count(
            ["a_total{x=\"1\"} 5\nb_total 9\na_total 7\n"],
            at: Self.first
        )
        #expect(outcome == .firstLook)
        #expect(
            counters
                == CounterMemory(
                    at: Self.first,
                    values: ["\(Self.url) a_total{x=\"1\"}": 5, "\(Self.url) a_total{}": 7]
                )
        )
    }

    static let cases: [(what: String, before: String, after: String, Double)] = [
        ("a rise", "a_total 5\n", "a_total 12\n", 7),
        ("nothing", "a_total 5\n", "a_total 5\n", 0),
        ("a series born since", "a_total{x=\"1\"} 5\n", "a_total{x=\"1\"} 6\na_total{x=\"2\"} 4\n", 5),
        ("a value that fell", "a_total 5\n", "a_total 2\n", 2),
        (
            "a restart that has outgrown the old value",
            "a_total 5\nprocess_start_time_seconds 1000\n",
            "a_total 50\nprocess_start_time_seconds 1767225630.5\n", 50
        ),
        (
            "a start that wavers with the clock",
            "a_total 5\nprocess_start_time_seconds 1000\n",
            "a_total 50\nprocess_start_time_seconds 1001\n", 45
        ),
        (
            "a page that stopped saying when it began",
            "a_total 5\nprocess_start_time_seconds 1000\n", "a_total 50\n", 45
        ),
        ("another order of labels", "a_total{x=\"1\",y=\"2\"} 5\n", "a_total{y=\"2\",x=\"1\"} 6\n", 1),
        ("two of three that vanished", "a_total{x=\"1\"} 5\na_total{x=\"2\"} 9\n", "a_total{x=\"1\"} 6\n", 1),
    ]

    @Test("counts what happened since", arguments: cases)
    func differences(what: String, before: String, after: String, events: Double) throws {
        guard case .value(let reading) = try Self.counted(before, after) else {
            Issue.record("\(what): \(try Self.counted(before, after))")
            return
        }
        #expect(reading.value == events, "\(what)")
        #expect(reading.newestSample == Self.second)
    }

    /// Seconds since 1970, half-way between the two looks.
    private static let between = 1_767_225_630

    @Test("counts nothing where a process took over that was there before the last look")
    func takenOver() throws {
        func page(_ value: Int, _ start: Int) -> String {
            "a_total \(value)\nprocess_start_time_seconds \(start)\n"
        }
        let look = try Self.count([page(5, 1_000)], at: Self.first)
        // Its millions are years old, and no evidence about this minute.
        let other = try Self.count([page(5_000_000, 2_000)], since: look.counters)
        #expect(other.outcome == .firstLook)
        #expect(other.counters?.values.values.contains(5_000_000) == true)
        let next = try Self.count([page(5_000_007, 2_000)], since: other.counters)
        #expect(next.outcome == Self.events(7))
    }

    @Test("refuses counters that fell where the process began almost when the other did")
    func twins() throws {
        func page(_ value: Int, _ start: String) -> String {
            "a_total \(value)\nprocess_start_time_seconds \(start)\n"
        }
        let look = try Self.count([page(10_000, "1000")], at: Self.first)
        let twin = try Self.count([page(9_000, "1000.4")], since: look.counters)
        guard case .refused(.request, let message) = twin.outcome else {
            Issue.record("\(twin.outcome)")
            return
        }
        #expect(message.contains("several seem to answer there"))
        #expect(twin.counters == nil)
        // The very same process may reset its counters.
        let reset = try Self.count([page(9_000, "1000")], since: look.counters)
        #expect(reset.outcome == Self.events(9_000))
    }

    @Test("is as old as the page that is furthest behind")
    func oldestPage() throws {
        let hourAgo = Self.second.millisecondsSinceEpoch - 3_600_000
        let pages = ["a_total 5\n", "a_total 7 \(hourAgo)\n"]
        let look = try Self.count(pages, at: Self.first)
        let next = try Self.count(pages, since: look.counters)
        guard case .stale = next.outcome else {
            Issue.record("\(next.outcome)")
            return
        }
    }

    @Test("restarts the counters of the page that restarted, and of no other")
    func onePageRestarts() throws {
        func page(_ value: Int, _ start: Int) -> String {
            "a_total \(value)\nprocess_start_time_seconds \(start)\n"
        }
        let look = try Self.count([page(5, 100), page(7, 100)], at: Self.first)
        let next = try Self.count([page(50, Self.between), page(70, 100)], since: look.counters)
        #expect(next.outcome == Self.events(50 + 63, of: 2))
        let last = try Self.count([page(51, Self.between), page(70, 100)], since: next.counters)
        #expect(last.outcome == Self.events(1, of: 2))
    }

    @Test("does not count again what a series that comes back had counted before")
    func comesBack() throws {
        let series = "a_total{x=\"1\"} 100\n"
        let look = try Self.count([series + "a_total{x=\"2\"} 1\n"], at: Self.first)
        let gone = try Self.count(["a_total{x=\"2\"} 2\n"], since: look.counters)
        #expect(gone.outcome == Self.events(1))
        let back = try Self.count([series + "a_total{x=\"2\"} 2\n"], since: gone.counters)
        #expect(back.outcome == Self.events(0, of: 2))
        // A new process knows nothing of it.
        let restarted = "a_total{x=\"2\"} 3\nprocess_start_time_seconds \(Self.between)\n"
        let old = try Self.count(["process_start_time_seconds 9\n" + series], at: Self.first)
        let young = try Self.count([restarted], since: old.counters)
        #expect(young.counters?.values.keys.contains { $0.contains("x=\"1\"") } == false)
    }

    @Test("remembers that there was nothing, so that what comes is counted from 0")
    func nothing() throws {
        let look = try Self.count(["b_total 1\n"], at: Self.first)
        #expect(look.outcome == .noData)
        #expect(look.counters == CounterMemory(at: Self.first, values: [:]))
        #expect(try Self.counted("b_total 1\n", "b_total 1\na_total 3\n") == Self.events(3))
    }

    @Test("refuses what is no counter by its type")
    func types() throws {
        for (type, name) in [("gauge", "a"), ("summary", "a"), ("histogram", "a"), ("counter", "a_created")] {
            let family = name == "a_created" ? "a" : name
            let (outcome, counters) = try Self.count(["# TYPE \(family) \(type)\n\(name) 1\n"], name)
            guard case .refused(.request, let message) = outcome else {
                Issue.record("\(type): \(outcome)")
                continue
            }
            #expect(message.contains("not a counter"))
            #expect(counters == nil)
        }
    }

    @Test("diagnoses values that no counter can have")
    func values() throws {
        for (text, expected) in [("NaN", "NaN"), ("+Inf", "+Inf"), ("-Inf", "-Inf")] {
            let answer = try Self.count(["a_total \(text)\n"])
            #expect(answer.outcome == .notFinite(text: expected))
            #expect(answer.counters == nil)
        }
        guard case .refused(.request, let message) = try Self.count(["a_total -1\n"]).outcome else {
            Issue.record("a negative counter was accepted")
            return
        }
        #expect(message.contains("is no counter: it has the value -1"))
    }

    @Test("refuses more series than can be remembered, and takes as many as can")
    func tooMany() throws {
        func page(_ count: Int) -> String { (0..<count).map { "a_total{x=\"\($0)\"} 1\n" }.joined() }
        #expect(try Self.count([page(PageCount.mostSeries)]).outcome == .firstLook)
        let more = try Self.count([page(PageCount.mostSeries), page(1)])
        guard case .refused(.request, let message) = more.outcome else {
            Issue.record("\(more.outcome)")
            return
        }
        #expect(message.contains("2001 series match"))
        #expect(more.counters == nil)
        // Those that are gone give way to those that are there.
        let look = try Self.count([page(PageCount.mostSeries)], at: Self.first)
        let next = try Self.count(["a_total{y=\"1\"} 5\n"], since: look.counters)
        #expect(next.counters?.values.count == PageCount.mostSeries)
        #expect(next.counters?.values["\(Self.url) a_total{y=\"1\"}"] == 5)
    }

    @Test("takes timestamps as given, and says when the newest is old")
    func timestamps() throws {
        let now = Self.second.millisecondsSinceEpoch
        let look = try Self.count(["a_total 5 \(now - 60_000)\n"], at: Self.first)
        let recent = try Self.count(["a_total 8 \(now - 30_000)\n"], since: look.counters)
        let taken = Self.second - .seconds(30)
        #expect(recent.outcome == .value(Reading(value: 3, newestSample: taken)))
        let old = try Self.count(["a_total 8 \(now - 120_001)\n"], since: look.counters)
        #expect(old.outcome == .stale(newest: Self.second - .milliseconds(120_001)))
        #expect(old.counters == nil)
        let ahead = try Self.count(["a_total 8 \(now + 9_000)\n"], since: look.counters)
        #expect(ahead.outcome == Self.events(3))
        // A sample from before the last look that was not seen then is counted all the same.
        let late = try Self.count(["a_total 8 \(now - 61_000)\n"], since: look.counters)
        #expect(late.outcome == .value(Reading(value: 3, newestSample: Self.second - .seconds(61))))
    }

    @Test("does not take an older process for a restart: several answer at one address")
    func severalInstances() throws {
        let look = try Self.count(["a_total 5\nprocess_start_time_seconds 1000\n"], at: Self.first)
        let other = try Self.count(
            ["a_total 9000\nprocess_start_time_seconds 900\n"],
            since: look.counters
        )
        guard case .refused(.request, let message) = other.outcome else {
            Issue.record("\(other.outcome)")
            return
        }
        #expect(message.contains("name the page of every instance"))
        #expect(other.counters == nil)
    }
}
