import Rollout
import Testing

@Suite("The selectors of a PromQL expression")
struct PromQLSelectorsTests {
    @Test(
        "are found as they are written",
        arguments: [
            ("up", ["up"]),
            ("http_requests_total{status=~\"5..\"}", ["http_requests_total{status=~\"5..\"}"]),
            ("{__name__=\"up\"}", ["{__name__=\"up\"}"]),
            ("rate(http_requests_total[5m])", ["http_requests_total"]),
            ("sum by (variant) (rate(m{a=\"b\"}[5m]))", ["m{a=\"b\"}"]),
            ("sum(rate(m[5m])) by (variant)", ["m"]),
            ("sum without(instance)(m)", ["m"]),
            ("topk(3, m)", ["m"]),
            ("a / on (x) group_left (y) b", ["a", "b"]),
            ("a * ignoring(x) group_right b", ["a", "b"]),
            ("a and b or c unless d", ["a", "b", "c", "d"]),
            ("m offset 5m + n @ 1609746000", ["m", "n"]),
            ("m @ start() + n @ end()", ["m", "n"]),
            ("max_over_time(rate(m[5m])[1h:1m])", ["m"]),
            ("max_over_time(rate(m[$window])[1h:])", ["m"]),
            ("job:errors:rate5m / job:requests:rate5m", ["job:errors:rate5m", "job:requests:rate5m"]),
            ("m > bool 5", ["m"]),
            ("m > 1e-5 and n < 0x1f and o != Inf and p == NaN", ["m", "n", "o", "p"]),
            ("m{a=\"}\"}", ["m{a=\"}\"}"]),
            ("m{a=\"\\\"}\", b='it\\'s'}", ["m{a=\"\\\"}\", b='it\\'s'}"]),
            ("m{a=`\\`} + n", ["m{a=`\\`}", "n"]),
            ("m # not_this{a=\"b\"}\n+ n", ["m", "n"]),
            ("m + m", ["m"]),
            ("vector(1)", []),
            ("time() - 5m", []),
            ("-m", ["m"]),
            (
                "60*sum by (variant)(rate(r_total[5m])) / (sum by (variant)(avg_over_time(c[5m])) > 0)",
                ["r_total", "c"]
            ),
            (
                "time() - max by(variant)(timestamp(t_total{transport=\"sse\"}))",
                ["t_total{transport=\"sse\"}"]
            ),
            ("(m - m offset 5m) and (resets(m[5m]) == 0)", ["m"]),
            ("count by(variant)(up{job=\"web\"} == 1)", ["up{job=\"web\"}"]),
            (
                "ALERTS{alertstate=\"firing\",service=\"web\"}",
                ["ALERTS{alertstate=\"firing\",service=\"web\"}"]
            ),
            ("max_over_time((sum(rate(m[5m])))[2h:1ms])", ["m"]),
            ("histogram_quantile(0.99, sum by (le) (rate(s_bucket[$window])))", ["s_bucket"]),
            (
                "( sum by (v) (rate(a{s=~\"5..\"}[5m])) or 0 * sum by (v) (rate(b[5m])) ) / ( sum by (v) (rate(b[5m])) > 0 )",
                ["a{s=~\"5..\"}", "b"]
            ),
            ("label_replace(m, \"a\", \"$1\", \"b\", \"(.*)\")", ["m"]),
            ("sum(rate(m[5m])) keep_metric_names", ["m"]),
            ("{\"dotted.name\", a=\"b\"}", ["{\"dotted.name\", a=\"b\"}"]),
            ("sum", ["sum"]),
        ] as [(String, [String])]
    )
    func found(expression: String, selectors: [String]) {
        #expect(PromQL.problem(in: expression) == nil)
        #expect(PromQL.selectors(in: expression) == selectors)
    }

    @Test(
        "are not looked for where the text is torn",
        arguments: [
            ("sum(rate(m[5m])", "'(' is never closed", 3),
            ("m{a=\"b}", "a string is never closed", 4),
            ("m{a=`b}", "a string is never closed", 4),
            ("m)", "')' closes nothing", 1),
            ("(m]", "']' closes nothing", 2),
            ("m ; n", "';' has no meaning here", 2),
            ("mé", "'é' has no meaning here", 1),
            ("m[$]", "'$' has no name after it", 2),
        ] as [(String, String, Int)]
    )
    func torn(expression: String, message: String, offset: Int) {
        let problem = PromQL.problem(in: expression)
        #expect(problem?.message == message)
        #expect(problem?.offset == offset)
        #expect(PromQL.selectors(in: expression).isEmpty)
    }

    @Test("survive every torn end of an expression")
    func everyPrefix() {
        let whole =
            "sum by (a) (rate(m{b=~\"x\\\"}\", c='d'}[5m:$window] offset -1h)) @ end() > bool 0x1f # e"
        for length in 0...whole.count {
            let torn = String(whole.prefix(length))
            for selector in PromQL.selectors(in: torn) {
                #expect(!selector.isEmpty && torn.contains(selector), "\(torn)")
            }
        }
        #expect(PromQL.selectors(in: whole).count == 1)
    }
}
