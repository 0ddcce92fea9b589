import Rollout
import Testing

@Suite("A plain PromQL selector")
struct PromQLPlainSelectorTests {
    @Test(
        "is a metric, matchers, or both",
        arguments: ["m", "m{}", "{a=\"b\"}", " m { a = 'b' , c!~`d` , } ", "a:b:c", "{\"my.metric\"}"]
    )
    func plain(text: String) {
        #expect(PromQL.plainSelector(text) != nil)
    }

    @Test(
        "is nothing more",
        arguments: [
            "", " ", "rate(m[5m])", "m[5m]", "m offset 5m", "m + n", "m m", "(m)", "-m", "1", "\"m\"", "m{a}",
            "m{a=b}", "m{a==\"b\"}", "m{",
        ]
    )
    func notPlain(text: String) {
        #expect(PromQL.plainSelector(text) == nil)
    }

    @Test("means the same in any order and quoting")
    func sameMeaning() {
        let one = PromQL.plainSelector("m{a=\"b\",c=~\"d.e\"}")
        #expect(one == PromQL.plainSelector("m { c=~'d.e', a=`b` }"))
        #expect(one != PromQL.plainSelector("m{a=\"b\",c!~\"d.e\"}"))
        #expect(PromQL.plainSelector("m{a=\"\\\"\\n\"}")?.matchers.first?.value == "\"\n")
    }

    @Test(
        "asks for something",
        arguments: ["m", "m{}", "{a=\"b\"}", "{a!=\"\"}", "{a=~\".+\"}", "{a=~\"b|c\"}", "{a!~\".*\"}"]
    )
    func particular(text: String) {
        #expect(PromQL.plainSelector(text)?.isParticular == true)
    }

    @Test(
        "asks for nothing in particular",
        arguments: [
            "{}", "{a=\"\"}", "{a=~\".*\"}", "{a=~\"\"}", "{a=~\"b|\"}", "{a=~\"^(.*)$\"}", "{a!=\"b\"}",
            "{a!~\"b\"}", "{__name__=~\".+\"}", "{__name__!=\"\"}",
        ]
    )
    func notParticular(text: String) {
        #expect(PromQL.plainSelector(text)?.isParticular == false)
    }
}
