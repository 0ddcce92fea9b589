import Rollout
import Testing

@Suite("A span of time")
struct SpanTests {
    @Test("reads and writes Prometheus durations", arguments: ["0s", "5m", "1h30m", "250ms", "1m0s500ms"])
    func readsAndWrites(text: String) throws {
        let span = try #require(Span(text: text))
        #expect(Span(text: span.description) == span)
    }

    @Test(
        "is not read from anything else",
        arguments: ["", "5", "m", "1.5m", "5m1h", "5m5m", "-5m", "5 m", "99999999999999w"]
    )
    func refuses(text: String) {
        #expect(Span(text: text) == nil)
    }
}
