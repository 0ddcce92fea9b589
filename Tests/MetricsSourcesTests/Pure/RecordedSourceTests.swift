import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("A recording")
struct RecordedSourceTests {
    private static let end = LiveServer.end

    private static func recording(_ text: String) throws(ExpositionError) -> Recording {
        try Exposition.recording(Array(text.utf8))
    }

    private static func answer(_ subject: MetricQuestion.Subject, in recording: Recording) -> Outcome? {
        let question = MetricQuestion(check: "c", role: .value, subject: subject)
        let answers = RecordedSource(recording, staleAfter: .minutes(2)).answer(
            [question],
            deadline: .seconds(1)
        )
        return answers.measurements.first?.outcome
    }

    private static func count(_ selector: String, last: Span = .minutes(5)) -> MetricQuestion.Subject {
        .count(selector: selector, from: end - last, through: end)
    }

    @Test("answers as the live servers do, in either format", arguments: [true, false])
    func sameAnswers(openMetrics: Bool) throws {
        let text = openMetrics ? LiveServer.history.openMetrics : LiveServer.history.textFormat
        let recording = try Self.recording(text)
        func value(_ expression: String) -> MetricQuestion.Subject {
            .value(expression: expression, at: Self.end, selectors: [])
        }
        let stale = Outcome.stale(newest: Self.end - .minutes(4))
        let expectations: [(MetricQuestion.Subject, Outcome)] = [
            (
                Self.count("requests_total"),
                .value(Reading(value: 4_641, newestSample: Self.end, seriesCount: 3))
            ),
            (
                Self.count(#"requests_total{pod=~"new.*"}"#),
                .value(Reading(value: 216, newestSample: Self.end))
            ),
            (
                Self.count("interrupted_total", last: .minutes(1)),
                .value(Reading(value: 7, newestSample: Self.end - .seconds(15)))
            ),
            (Self.count("quiet_total"), .value(Reading(value: 0, newestSample: Self.end))),
            (Self.count("errors_total"), .noData),
            (Self.count("stopped_total"), stale),
            (value("old_load"), stale),
            (value("zero"), .value(Reading(value: 0, newestSample: Self.end))),
            (value(#"quoted{path="a\"b\\c"}"#), .value(Reading(value: 7, newestSample: Self.end))),
            (value("load"), .ambiguous(series: [#"load{pod="a"}"#, #"load{pod="b"}"#])),
            (value("errors_total"), .noData),
        ]
        for (subject, outcome) in expectations {
            #expect(Self.answer(subject, in: recording) == outcome, "\(subject)")
        }
    }

    @Test("knows what time it covers and can be moved")
    func coverage() throws {
        let recording = try Self.recording(LiveServer.history.openMetrics)
        #expect(recording.first == Self.end - .minutes(30))
        #expect(recording.last == Self.end)
        let moved = recording.shifted(by: .hours(1))
        #expect(moved.last == Self.end + .hours(1))
        let subject = MetricQuestion.Subject.count(
            selector: "requests_total",
            from: moved.last - .minutes(5),
            through: moved.last
        )
        #expect(
            Self.answer(subject, in: moved)
                == .value(Reading(value: 4_641, newestSample: moved.last, seriesCount: 3))
        )
    }

    @Test("does not count what a counter had before the recording began")
    func firstValues() throws {
        let recording = try Self.recording(
            "old_total 72000 1000000\nold_total 72005 1015000\nold_total 72006 1030000\nnew_total 3 1030000\n"
        )
        let all = MetricQuestion.Subject.count(
            selector: #"{__name__=~".+_total"}"#,
            from: Timestamp(millisecondsSinceEpoch: 900_000),
            through: Timestamp(millisecondsSinceEpoch: 1_030_000)
        )
        #expect(
            Self.answer(all, in: recording)
                == .value(
                    Reading(value: 9, newestSample: .init(millisecondsSinceEpoch: 1_030_000), seriesCount: 2)
                )
        )
    }

    @Test("cannot evaluate expressions", arguments: ["sum(load)", "rate(requests_total[5m])", "1"])
    func expressions(text: String) throws {
        let recording = try Self.recording("load 1 1000\n")
        for subject in [Self.count(text), .value(expression: text, at: Self.end, selectors: [])] {
            guard case .refused(.request, let message) = Self.answer(subject, in: recording) else {
                Issue.record("\(text) was evaluated")
                continue
            }
            #expect(message.contains("a recording cannot evaluate PromQL"))
        }
    }

    @Test("takes NaN and infinity for what they are")
    func notFinite() throws {
        let recording = try Self.recording("nan NaN 1000\ninf +Inf 1000\n")
        let at = Timestamp(millisecondsSinceEpoch: 1_000)
        #expect(Self.answer(.value(expression: "nan", at: at, selectors: []), in: recording) == .noSignal)
        #expect(
            Self.answer(.value(expression: "inf", at: at, selectors: []), in: recording)
                == .notFinite(text: "+Inf")
        )
    }

    @Test("may hold comments, exemplars, blank lines and Windows line ends")
    func tolerant() throws {
        let openMetrics = "# TYPE a counter\r\n\na_total{b=\"c\",} 1 1.5 # {trace=\"x\"} 0.5 1.4\n# EOF\n"
        let recording = try Self.recording(openMetrics.replacing("\r\n", with: "\n"))
        #expect(recording.first == Timestamp(millisecondsSinceEpoch: 1_500))
        #expect(try Self.recording("a 1 1500\r\n").last == Timestamp(millisecondsSinceEpoch: 1_500))
    }

    static let tornTexts: [(String, Int?)] = [
        ("", nil),
        ("# only a comment\n", nil),
        ("a 1 1000\nb 2\n", 2),
        ("a 1 1000\na 1 1000\n", 2),
        ("a 1 1000\na 1 999\n", 2),
        ("a one 1000\n", 1),
        ("a 1 1000 extra\n", 1),
        ("a{b=\"c\" 1 1000\n", 1),
        ("a{b=\"c\",b=\"d\"} 1 1000\n", 1),
        ("\n\n{b=\"c\"} 1 1000\n", 3),
        ("a 1 1.5\n# EOF\nb 1 1.5\n", 3),
        ("a 1 1e300\n", 1),
        ("a 1 NaN\n", 1),
    ]

    @Test("that is torn says in which line", arguments: tornTexts)
    func torn(text: String, line: Int?) {
        let error = #expect(throws: ExpositionError.self) { try Self.recording(text) }
        #expect(error?.line == line)
        #expect(error?.message.isEmpty == false)
    }

    @Test("is opened by path, and names the path when it cannot be")
    func files() throws {
        let directory = try RunningProgram.makeDirectory()
        defer { _ = try? ProgramLaunch.run(["rm", "-rf", directory], in: "/tmp") }
        let path = "\(directory)/history.om"
        try TextFile.write(LiveServer.history.openMetrics, to: path)
        let source = try RecordedSource(path: path, staleAfter: .minutes(2), offset: .seconds(5))
        #expect(source.recording.last == Self.end + .seconds(5))
        try TextFile.write("a 1\n", to: path)
        let torn = #expect(throws: RecordingError.self) {
            try RecordedSource(path: path, staleAfter: .minutes(2))
        }
        #expect(
            torn?.description.hasPrefix("\(path):1: every sample of a recording needs a timestamp") == true
        )
        let missing = #expect(throws: RecordingError.self) {
            try RecordedSource(path: "\(directory)/missing.om", staleAfter: .minutes(2))
        }
        #expect(missing?.description == "\(directory)/missing.om: the recording cannot be opened")
    }
}
