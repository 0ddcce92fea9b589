import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("The history of counters, on a real server")
struct HistoryTests {
    private static let end = LiveServer.end

    /// A question about the intervals up to the end; by default the last ten minutes.
    private static func question(
        _ selector: String,
        check: String = "failures",
        role: MetricQuestion.Role = .controlExposures,
        ending ago: Span = .zero,
        interval: Span = .minutes(1),
        count: Int = 10
    ) -> HistoryQuestion {
        HistoryQuestion(
            check: check,
            role: role,
            selector: selector,
            from: end - ago - interval * Int64(count),
            interval: interval,
            count: count
        )
    }

    private static func ask(
        _ server: LiveServer,
        _ questions: HistoryQuestion...,
        seriesLimit: Int = 500
    ) throws -> [HistoryAnswer] {
        try ask(PrometheusLocation(url: server.url, seriesLimit: seriesLimit), questions)
    }

    private static func ask(
        _ location: PrometheusLocation,
        _ questions: [HistoryQuestion],
        deadline: Span = .seconds(30)
    ) -> [HistoryAnswer] {
        PrometheusSource(location: location, environment: [:], now: { end }, pacing: .impatient)
            .history(questions, deadline: deadline)
    }

    @Test(
        "counts across a restart, a birth, a gap and a late return, each in its interval",
        arguments: LiveServer.allCases
    )
    func exact(server: LiveServer) throws {
        let answers = try Self.ask(server, Self.question("past_total"))
        #expect(answers == [.counts([48, 45, 45, 45, 45, 30, 45, 56, 86, 45])])
    }

    @Test("keeps to the question's own intervals, wherever they lie", arguments: LiveServer.allCases)
    func offGrid(server: LiveServer) throws {
        let selector = #"past_total{pod="steady"}"#
        let question = Self.question(selector, ending: .seconds(7), interval: .seconds(90), count: 6)
        // A sample every 15 s: at a point stands what the newest before it says.
        let values = (0...6).reversed().map { index in
            let sample = Double((7 + 90 * index + 14) / 15 * 15)
            return (0.25 * (1_800 - sample)).rounded(.down)
        }
        let expected = zip(values, values.dropFirst()).map { $1 - $0 }
        #expect(Set(expected) == [22, 23])
        #expect(try Self.ask(server, question) == [.counts(expected)])
    }

    @Test("takes what a server found at its own beginning for no event", arguments: LiveServer.allCases)
    func beginning(server: LiveServer) throws {
        let answers = try Self.ask(
            server,
            Self.question("found_total"),
            Self.question("found_failed_total", role: .controlFailures)
        )
        #expect(answers[0] == .counts([0, 0, 0, 0, 4, 0, 0, 0, 3, 2]))
        #expect(answers[1] == .counts([0, 0, 0, 0, 1, 0, 0, 0, 0, 0]))
    }

    @Test("knows a newborn by the older counters of its check", arguments: LiveServer.allCases)
    func newborn(server: LiveServer) throws {
        let failures = Self.question(#"past_total{pod="newborn"}"#, role: .controlFailures)
        let answers = try Self.ask(server, failures, Self.question("past_total"))
        #expect(answers[0] == .counts([0, 0, 0, 0, 0, 0, 0, 6, 1, 0]))
        // Without them it may as well have been there all along.
        let alone = try Self.ask(server, failures, Self.question("past_total", check: "another"))
        #expect(alone[0] == .counts([0, 0, 0, 0, 0, 0, 0, 0, 1, 0]))
    }

    @Test("is zero where there is no series, and asks nobody nothing", arguments: LiveServer.allCases)
    func empty(server: LiveServer) throws {
        let none = HistoryAnswer.counts([Double](repeating: 0, count: 10))
        #expect(try Self.ask(server, Self.question("never_total")) == [none])
        #expect(try Self.ask(server, Self.question("past_total", ending: .hours(40))) == [none])
        #expect(Self.ask(PrometheusLocation(url: "http://127.0.0.1:1"), []) == [])
    }

    @Test("leaves the oldest out where there is too much, the same for both counts of a check")
    func shortened() throws {
        let answers = try Self.ask(
            .prometheus,
            Self.question("crowd_total", count: 1_440),
            Self.question("crowd_failed_total", role: .controlFailures, count: 1_440)
        )
        for (answer, events) in zip(answers, [200.0, 1]) {
            guard case .counts(let counts) = answer else {
                Issue.record("\(answer)")
                continue
            }
            #expect(counts.count == 1_440)
            // Those of 20 hours ago are out of reach; those of an hour ago are where they belong.
            #expect(counts.reduce(0, +) == events)
            #expect(counts[1_440 - 60] == events)
        }
        let failures = Self.question("crowd_failed_total", role: .controlFailures, count: 1_440)
        let alone = try Self.ask(.prometheus, failures)
        guard case .counts(let counts) = alone[0] else {
            Issue.record("\(alone)")
            return
        }
        #expect(counts.reduce(0, +) == 10)
    }

    @Test("is unavailable above the series limit, and for what is no counter", arguments: LiveServer.allCases)
    func refused(server: LiveServer) throws {
        let answers = try Self.ask(
            server,
            Self.question("many_total"),
            Self.question("sinking"),
            Self.question("past_total{"),
            Self.question("quiet_total"),
            seriesLimit: 11
        )
        #expect(answers[0] == .unavailable("12 series are above the limit of 11"))
        #expect(answers[1] == .unavailable("sinking{} is no counter: it has the value -3.0"))
        guard case .unavailable(let why) = answers[2] else {
            Issue.record("\(answers)")
            return
        }
        #expect(why.hasPrefix(try server.url))
        #expect(answers[3] == .counts([Double](repeating: 0, count: 10)))
    }

    @Test("is unavailable where only a part of the data answers")
    func partial() throws {
        let options = PrometheusServer.Options.with { $0.deadRemoteRead = true }
        try PrometheusServer.start(LiveServer.longHistory, options: options).use { server in
            let answers = Self.ask(PrometheusLocation(url: server.url), [Self.question("past_total")])
            guard case .unavailable(let why) = answers[0] else {
                Issue.record("\(answers)")
                return
            }
            #expect(why.hasPrefix("answered from part of the data: remote_read"))
        }
    }

    @Test("is unavailable where the server may not load so many samples")
    func tooManySamples() throws {
        let options = PrometheusServer.Options.with { $0.maxSamples = 10 }
        try PrometheusServer.start(LiveServer.longHistory, options: options).use { server in
            let answers = Self.ask(PrometheusLocation(url: server.url), [Self.question("past_total")])
            guard case .unavailable(let why) = answers[0] else {
                Issue.record("\(answers)")
                return
            }
            #expect(why.contains("too many samples"))
        }
    }

    @Test("is unavailable where nobody answers in time, nobody listens, or nobody may ask")
    func unreachable() throws {
        let silent = try SilentListener()
        let questions = [Self.question("past_total"), Self.question("quiet_total")]
        let locations = [
            "http://127.0.0.1:\(silent.port)": "no answer in time",
            "http://127.0.0.1:\(try LoopbackHTTP.freePort())": "could not connect",
            "ftp://127.0.0.1": "metrics url",
        ]
        for (url, words) in locations {
            let answers = Self.ask(PrometheusLocation(url: url), questions, deadline: .seconds(3))
            #expect(answers.count == 2)
            for answer in answers {
                guard case .unavailable(let why) = answer else {
                    Issue.record("\(answer)")
                    continue
                }
                #expect(why.contains(words), "\(why)")
            }
        }
    }
}
