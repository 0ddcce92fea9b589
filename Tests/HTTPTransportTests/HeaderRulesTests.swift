import HTTPTransport
import Testing

@Suite("A header")
struct HeaderRulesTests {
    @Test(
        "may be sent when it is one line of text",
        arguments: [HTTPHeader("X-Scope-OrgID", "a|b"), HTTPHeader("A", "ä\tb")]
    )
    func accepts(header: HTTPHeader) {
        #expect(HeaderRules.objection(to: header) == nil)
    }

    @Test(
        "is refused when it could become another header",
        arguments: [
            HTTPHeader("X-A", "secret\r\nX-B: 1"), HTTPHeader("X-A", "secret\n"),
            HTTPHeader("X-A", "secret\0"),
            HTTPHeader("X-A", "secret\u{7f}"), HTTPHeader("X-A\r\nX-B", "secret"),
            HTTPHeader("X A", "secret"),
            HTTPHeader("X-A:", "secret"), HTTPHeader("", "secret"),
        ]
    )
    func refuses(header: HTTPHeader) throws {
        let objection = try #require(HeaderRules.objection(to: header))
        #expect(!objection.contains("secret"))
        #expect(objection.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
}
