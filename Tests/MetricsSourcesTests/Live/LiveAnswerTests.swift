import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("A question to a real server")
struct LiveAnswerTests {
    private static let end = LiveServer.end

    private static func count(
        _ selector: String,
        last: Span = .minutes(5),
        endingAgo: Span = .zero
    ) -> MetricQuestion.Subject {
        .count(selector: selector, from: end - endingAgo - last, through: end - endingAgo)
    }

    private static func value(_ expression: String, _ selectors: [String] = []) -> MetricQuestion.Subject {
        .value(expression: expression, at: end, selectors: selectors)
    }

    @Test("counts exactly across a restart and a newborn series", arguments: LiveServer.allCases)
    func exact(server: LiveServer) throws {
        // 10/s for 300 s; 5/s, 8325 − 7500 before the restart and 600 after it; 36 at birth and 180 more.
        let expected = Reading(value: 3_000 + 825 + 600 + 216, newestSample: Self.end, seriesCount: 3)
        let measurement = try server.answer(Self.count("requests_total"))
        #expect(measurement.outcome == .value(expected))
        #expect(measurement.notes.isEmpty)
    }

    @Test("counts each event once in intervals that follow each other", arguments: LiveServer.allCases)
    func tiles(server: LiveServer) throws {
        var sum = 0.0
        var left = Span.minutes(5)
        for length in [7_001, 52_999, 15_000, 45_000, 30_500, 89_500, 60_000].map({ Span.milliseconds($0) }) {
            left = left - length
            let outcome = try server.answer(Self.count("requests_total", last: length, endingAgo: left))
                .outcome
            guard case .value(let reading) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            sum += reading.value
        }
        #expect(left == .zero)
        #expect(sum == 4_641)
    }

    @Test("does not count a whole counter again after a gap in scraping", arguments: LiveServer.allCases)
    func gap(server: LiveServer) throws {
        let reading = Reading(value: 7, newestSample: Self.end - .seconds(15))
        #expect(
            try server.answer(Self.count("interrupted_total", last: .minutes(1))).outcome == .value(reading)
        )
    }

    @Test("is no data where no series is", arguments: LiveServer.allCases)
    func empty(server: LiveServer) throws {
        #expect(try server.answer(Self.count("errors_total{status=~\"5..\"}")).outcome == .noData)
        #expect(try server.answer(Self.count("gone_total")).outcome == .noData)
        #expect(try server.answer(Self.value("errors_total")).outcome == .noData)
    }

    @Test("is zero where the series is there and silent", arguments: LiveServer.allCases)
    func quiet(server: LiveServer) throws {
        let reading = Reading(value: 0, newestSample: Self.end)
        #expect(try server.answer(Self.count("quiet_total")).outcome == .value(reading))
    }

    @Test("is stale where the newest sample is too old", arguments: LiveServer.allCases)
    func stale(server: LiveServer) throws {
        let newest = Self.end - .minutes(4)
        #expect(try server.answer(Self.count("stopped_total")).outcome == .stale(newest: newest))
        #expect(
            try server.answer(Self.count("stopped_total", last: .minutes(1))).outcome
                == .stale(newest: newest)
        )
        let value = Self.value("sum(old_load)", ["old_load"])
        #expect(try server.answer(value).outcome == .stale(newest: newest))
    }

    @Test("says when and from how many samples a value comes", arguments: LiveServer.allCases)
    func value(server: LiveServer) throws {
        let sum = Self.value("sum(load) + zero", ["load", "zero", "errors_total"])
        #expect(try server.answer(sum).outcome == .value(Reading(value: 3, newestSample: Self.end)))
        let quoted = Self.value(#"quoted{path="a\"b\\c"}"#, [#"quoted{path="a\"b\\c"}"#])
        #expect(try server.answer(quoted).outcome == .value(Reading(value: 7, newestSample: Self.end)))
        #expect(try server.answer(Self.value("42")).outcome == .value(Reading(value: 42)))
    }

    @Test("is no data where the expression makes a number out of an outage", arguments: LiveServer.allCases)
    func masked(server: LiveServer) throws {
        let measurement = try server.answer(Self.value("sum(errors_total) or vector(0)", ["errors_total"]))
        #expect(measurement.outcome == .noData)
        #expect(measurement.notes.count == 1)
    }

    @Test("is no signal for 0/0, which VictoriaMetrics leaves out", arguments: LiveServer.allCases)
    func noSignal(server: LiveServer) throws {
        let outcome = try server.answer(Self.value("zero / zero", ["zero"])).outcome
        #expect(outcome == (server == .prometheus ? .noSignal : .noData))
    }

    @Test("is not finite for a division by zero", arguments: LiveServer.allCases)
    func notFinite(server: LiveServer) throws {
        #expect(try server.answer(Self.value("sum(load) / sum(zero)")).outcome == .notFinite(text: "+Inf"))
    }

    @Test("is ambiguous where several series answer", arguments: LiveServer.allCases)
    func ambiguous(server: LiveServer) throws {
        let expected = Outcome.ambiguous(series: [#"load{pod="a"}"#, #"load{pod="b"}"#])
        #expect(try server.answer(Self.value("load")).outcome == expected)
    }

    @Test("falls back to increase() above the series limit, and says so", arguments: LiveServer.allCases)
    func approximate(server: LiveServer) throws {
        let measurement = try server.answer(Self.count("many_total"), seriesLimit: 10)
        guard case .value(let reading) = measurement.outcome else {
            Issue.record("\(measurement.outcome)")
            return
        }
        #expect((reading.value - 3_600).magnitude < 1)
        #expect(reading.seriesCount == 12)
        #expect(reading.newestSample == Self.end)
        #expect(measurement.notes.first?.contains("12 series are above the limit of 10") == true)
        let exact = try server.answer(Self.count("many_total"), seriesLimit: 12)
        #expect(exact.outcome == .value(Reading(value: 3_600, newestSample: Self.end, seriesCount: 12)))
    }

    @Test(
        "is refused where the question is at fault",
        arguments: LiveServer.allCases,
        ["sum(", "load * on() group_left load"]
    )
    func refused(server: LiveServer, expression: String) throws {
        let outcome = try server.answer(Self.value(expression)).outcome
        guard case .refused(.request, let message) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(message.hasPrefix(try server.url))
    }

    @Test("is refused for an expression where counters are to be counted", arguments: LiveServer.allCases)
    func expressionForCount(server: LiveServer) throws {
        let outcome = try server.answer(Self.count("sum(requests_total)")).outcome
        guard case .refused(.request, _) = outcome else {
            // VictoriaMetrics evaluates an expression over a range as a subquery.
            #expect(server == .victoriaMetrics, "\(outcome)")
            return
        }
    }

    @Test("is refused under a wrong path prefix", arguments: LiveServer.allCases)
    func wrongPrefix(server: LiveServer) throws {
        let location = PrometheusLocation(url: try server.url + "/wrong")
        let outcome = try LiveServer.answer(Self.value("load"), at: location).outcome
        guard case .refused(.request, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test("comes back in the order asked, with the server's clock", arguments: LiveServer.allCases)
    func batch(server: LiveServer) throws {
        let subjects = [
            Self.value("sum(load)"), Self.count("requests_total"), Self.value("errors_total"),
            Self.count("interrupted_total", last: .minutes(1)), Self.value("sum("),
        ]
        let questions = subjects.map { MetricQuestion(check: "c", role: .value, subject: $0) }
        let source = PrometheusSource(
            location: PrometheusLocation(url: try server.url),
            environment: [:],
            now: { .newYear },
            pacing: .impatient
        )
        let answers = source.answer(questions, deadline: .seconds(30))
        #expect(answers.measurements.map(\.question) == questions)
        let values = answers.measurements.map { measurement -> Double? in
            if case .value(let reading) = measurement.outcome { reading.value } else { nil }
        }
        #expect(values == [3, 4_641, nil, 7, nil])
        // The real server's clock shows the time of the test, later than the one it is held against.
        let ahead = try #require(answers.serverClockAhead)
        #expect(ahead > .hours(1))
        #expect(source.answer([], deadline: .seconds(1)) == Answers(measurements: []))
    }
}
