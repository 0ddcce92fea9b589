import HTTPTransport
import Rollout
import Testing

@testable import MetricsSources

@Suite("An answer of the query API")
struct AnswerTests {
    private static func number(_ body: String, status: Int = 200) -> Outcome? {
        let verdict = Verdict(.success(HTTPResponse(status: status, body: Array(body.utf8))))
        return switch verdict {
        case .answer(let answer): Reply.answer(answer).number
        case .refused(let refusal, let message): .refused(refusal, message: message)
        case .again, .methodNotAllowed: nil
        }
    }

    private static func scalar(_ value: String) -> String {
        #"{"status":"success","data":{"resultType":"scalar","result":[1,\#(value)]}}"#
    }

    @Test(
        "holds values as Prometheus writes them",
        arguments: zip(
            ["0", "-0.5", "1e-300", "1.7976931348623157e+308", "+3", ".5"],
            [0, -0.5, 1e-300, 1.797_693_134_862_315_7e308, 3, 0.5]
        )
    )
    func values(text: String, value: Double) {
        #expect(Self.number(Self.scalar("\"\(text)\"")) == .value(Reading(value: value)))
    }

    @Test("is infinite when it says so or is too large", arguments: ["+Inf", "-Inf", "1e999"])
    func infinite(text: String) {
        guard case .notFinite = Self.number(Self.scalar("\"\(text)\"")) else {
            Issue.record("\(text) is not finite")
            return
        }
    }

    @Test(
        "is malformed when a value is no number",
        arguments: [
            "\"\"", "\" 1\"", "\"0x10\"", "\"nan\"", "\"infinity\"", "\"1_000\"", "\"1,5\"", "1", "null",
            "\"12a\"",
        ]
    )
    func noNumber(literal: String) {
        guard case .refused(.malformed, _) = Self.number(Self.scalar(literal)) else {
            Issue.record("\(literal) was taken for a number")
            return
        }
    }

    @Test(
        "is malformed when it is torn, empty, of another shape or of an impossible time",
        arguments: [
            "", "null", "[]", "{}", "<html>", #"{"status":"success"}"#, #"{"status":"success","data":null}"#,
            #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"#,
            #"{"status":"success","data":{"resultType":"tensor","result":[]}}"#,
            #"{"status":"success","data":{"resultType":"vector","result":{}}}"#,
            #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{}}]}}"#,
            #"{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"2"]}]}}"#,
            #"{"status":"success","data":{"resultType":"scalar","result":[1e300,"2"]}}"#,
            #"{"status":"success","data":{"resultType":"scalar","result":[1,"2","3"]}}"#,
            #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[2,"1"],[1,"2"]]}]}}"#,
            #"{"status":"wonderful","data":{"resultType":"scalar","result":[1,"2"]}}"#,
        ]
    )
    func malformed(body: String) {
        guard case .refused(.malformed, _) = Self.number(body) else {
            Issue.record("taken for an answer: \(body)")
            return
        }
    }

    @Test("is partial with warnings and where the storage says so, but not with infos or unknown keys")
    func partial() {
        let data = #""data":{"resultType":"scalar","result":[1,"2"],"analysis":{}}"#
        #expect(
            Self.number(#"{"status":"success",\#(data),"warnings":["half is missing"]}"#)
                == .partial(warnings: ["half is missing"])
        )
        guard case .partial(let warnings) = Self.number(#"{"status":"success",\#(data),"isPartial":true}"#)
        else {
            Issue.record("isPartial was overlooked")
            return
        }
        #expect(warnings.count == 1)
        let harmless =
            #"{"status":"success",\#(data),"warnings":[],"isPartial":false,"infos":["x"],"trace":{}}"#
        #expect(Self.number(harmless) == .value(Reading(value: 2)))
    }

    @Test("is refused when it holds native histograms")
    func histogram() {
        let body = """
            {"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},\
            "histogram":[1,{"count":"1","sum":"2","buckets":[]}]}]}}
            """
        guard case .refused(.request, let message) = Self.number(body) else {
            Issue.record("a histogram was taken for a number")
            return
        }
        #expect(message.contains("histogram"))
    }

    @Test("shows the label sets of several series, sorted, and not thousands of them")
    func ambiguous() {
        func vector(_ count: Int) -> String {
            let elements = (0..<count).map {
                #"{"metric":{"__name__":"m","pod":"p\#(count - $0)"},"value":[1,"1"]}"#
            }
            let list = elements.joined(separator: ",")
            return #"{"status":"success","data":{"resultType":"vector","result":[\#(list)]}}"#
        }
        #expect(Self.number(vector(2)) == .ambiguous(series: [#"m{pod="p1"}"#, #"m{pod="p2"}"#]))
        guard case .ambiguous(let series) = Self.number(vector(5_000)) else {
            Issue.record("several series are one number")
            return
        }
        #expect(series.count == 11)
        #expect(series.last == "… and 4990 more")
    }
}

@Suite("Words of a foreign server")
struct ForeignTextTests {
    @Test("come on one line, short, and without control characters")
    func clean() {
        let quote = ForeignText().quoted(Array("a\u{1b}[31m\r\n\r\n b\u{202e}\0c\u{7f}".utf8))
        #expect(quote == "a[31m bc")
        let long = ForeignText().quoted(Array(String(repeating: "é", count: 5_000).utf8))
        #expect(long == String(repeating: "é", count: 100) + "…")
        #expect(ForeignText().quoted([0xff, 0xfe]).utf8.count <= 6)
    }

    @Test("never repeat a secret, not even the beginning of one at the cut")
    func secrets() {
        let foreign = ForeignText(secrets: ["hunter2hunter2"])
        #expect(foreign.quoted(Array("you sent hunter2hunter2!".utf8)) == "you sent ***!")
        let padding = String(repeating: "x", count: 195)
        #expect(!foreign.quoted(Array((padding + "hunter2hunter2").utf8)).contains("h"))
    }
}

@Suite("A server's clock")
struct ServerClockTests {
    @Test("is read from the Date header")
    func parses() {
        #expect(
            Timestamp(httpDate: "Thu, 01 Jan 2026 00:00:00 GMT")
                == .init(millisecondsSinceEpoch: 1_767_225_600_000)
        )
        #expect(
            Timestamp(httpDate: "Thu, 29 Feb 2024 23:59:59 GMT")
                == .init(millisecondsSinceEpoch: 1_709_251_199_000)
        )
        #expect(Timestamp(httpDate: "Thu, 01 Jan 1970 00:00:00 GMT") == .init(millisecondsSinceEpoch: 0))
    }

    @Test(
        "is unknown when the header says anything else",
        arguments: [
            "", "now", "Thu, 01 Jan 2026 00:00:00 CET", "Thu, 01 Jän 2026 00:00:00 GMT",
            "Thu, 01 Jan 2026 25:00:00 GMT",
        ]
    )
    func refuses(text: String) {
        #expect(Timestamp(httpDate: text) == nil)
    }

    @Test("differs only by what a whole second cannot explain")
    func ahead() {
        let date = Timestamp(millisecondsSinceEpoch: 10_000)
        func ahead(local: Int64) -> Span {
            ServerClock.ahead(date: date, local: .init(millisecondsSinceEpoch: local))
        }
        #expect(ahead(local: 10_000) == .zero)
        #expect(ahead(local: 10_999) == .zero)
        #expect(ahead(local: 3_000) == .seconds(7))
        #expect(ahead(local: 16_999) == .seconds(-6))
    }
}
