import Rollout
import Testing

@Suite("How far back a PromQL expression reaches")
struct PromQLReachTests {
    @Test(
        "adds range, offset and subqueries, and takes the farthest operand",
        arguments: [
            ("rate(m[5m])", "5m"),
            ("rate(m[1h30m])", "1h30m"),
            ("rate(m[5m] offset 10m)", "15m"),
            ("m offset 1d", "1d"),
            ("rate(m[5m] offset -1h)", "5m"),
            ("max_over_time(rate(m[5m])[1h:1m])", "1h5m"),
            ("max_over_time(rate(m[5m])[1h:1m] offset 2h)", "3h5m"),
            ("rate(a[5m]) / rate(b[10m])", "10m"),
            ("rate(a[10m]) / rate(b[5m])", "10m"),
            ("sum_over_time((rate(a[10m]) - rate(b[1m]))[1h:])", "1h10m"),
            ("clamp_max(rate(a[2m]), 5m)", "2m"),
            ("rate(m[$window] offset 1m)", "1m"),
            ("rate(m[300])", "5m"),
        ]
    )
    func reaches(expression: String, reach: String) throws {
        let expected = try #require(Span(text: reach))
        #expect(PromQL.longestRange(in: expression) == expected)
    }

    @Test(
        "is unknown where nothing but the present is asked",
        arguments: ["m", "vector(1)", "rate(m[$window])", "m{a=\"[5m]\"}"]
    )
    func present(expression: String) {
        #expect(PromQL.longestRange(in: expression) == nil)
    }

    @Test("names the variables outside strings")
    func variables() {
        let expression = "rate(m{a=\"$no\"}[$window]) * $factor + max_over_time(n[$range:$step])"
        #expect(PromQL.variables(in: expression) == ["window", "factor", "range", "step"])
    }

    @Test(
        "knows a fixed moment from the end of the query",
        arguments: [("m @ 1609746000", true), ("m @ end()", false), ("m", false)]
    )
    func pinned(expression: String, isPinned: Bool) {
        #expect(PromQL.isPinned(expression) == isPinned)
    }

    @Test(
        "tells a comparison that drops values from one inside a parenthesis",
        arguments: [("m > 5", true), ("m > bool 5", false), ("a / (b > 0)", false), ("m{a!=\"b\"}", false)]
    )
    func filtering(expression: String, filters: Bool) {
        #expect(PromQL.filters(expression) == filters)
    }
}
