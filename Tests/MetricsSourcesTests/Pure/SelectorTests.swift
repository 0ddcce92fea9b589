import Testing

@testable import MetricsSources

@Suite("A selector")
struct SelectorTests {
    private static let labels = ["__name__": "http_requests_total", "status": "503", "path": "a\"b"]

    @Test(
        "selects a series when all its matchers hold",
        arguments: [
            "http_requests_total", " http_requests_total { } ", #"{__name__="http_requests_total"}"#,
            #"http_requests_total{status="503"}"#, #"http_requests_total{status=~"5..",}"#,
            #"http_requests_total{status!="200", path='a"b'}"#, #"http_requests_total{path="a\"b"}"#,
            "http_requests_total{path=`a\"b`}", #"http_requests_total{status!~"4..|2.."}"#,
            #"http_requests_total{region=""}"#, #"http_requests_total{region!="eu"}"#,
            #"{__name__=~"http_.+"}"#,
        ]
    )
    func selects(text: String) throws {
        #expect(try #require(Selector(text: text)).selects(Self.labels))
    }

    @Test(
        "does not select a series when one matcher fails, or matches a part only",
        arguments: [
            "http_requests", #"http_requests_total{status="50"}"#, #"http_requests_total{status=~"50"}"#,
            #"http_requests_total{status=~"03"}"#, #"http_requests_total{status!~"5.*"}"#,
            #"http_requests_total{region="eu"}"#, #"http_requests_total{region=~".+"}"#,
        ]
    )
    func selectsNot(text: String) throws {
        #expect(try #require(Selector(text: text)).selects(Self.labels) == false)
    }

    @Test(
        "is not read from anything more or less than a selector",
        arguments: [
            "", "{}", #"{region=""}"#, #"{region!="eu"}"#, #"{region=~".*"}"#, "a[5m]", "a offset 5m",
            "a + b",
            "sum(a)", "rate(a[5m])", "5", "a{b}", "a{b=c}", #"a{b="c"#, #"a{b="c}"#, #"a{b=~"("}"#,
            #"a{b=="c"}"#,
            #"a{b="c" d="e"}"#, #"a{b="\x"}"#, "a b",
        ]
    )
    func refuses(text: String) {
        #expect(Selector(text: text) == nil)
    }
}
