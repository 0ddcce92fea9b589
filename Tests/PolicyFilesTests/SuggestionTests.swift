import Testing

@testable import PolicyFiles

@Suite("A suggestion")
struct SuggestionTests {
    @Test(
        "is the nearest word",
        arguments: [
            ("bakee", "bake"), ("baek", "bake"), ("Bake", "bake"), ("stale_after", "staleAfter"),
            ("percantage", "percentage"), ("failure", "failures"),
        ]
    )
    func near(written: String, meant: String) {
        let words = ["percentage", "bake", "staleAfter", "failures", "exposures"]
        #expect(Suggestion.nearest(to: written, among: words) == meant)
    }

    @Test("is not made where no word is near", arguments: ["colour", "x", "", "expression"])
    func far(written: String) {
        #expect(Suggestion.nearest(to: written, among: ["percentage", "bake", "failures"]) == nil)
    }

    @Test("counts a swap of neighbours as one edit")
    func swap() {
        #expect(Suggestion.distance(Array("bkae"), Array("bake")) == 1)
        #expect(Suggestion.distance(Array("bake"), Array("")) == 4)
        #expect(Suggestion.distance([], []) == 0)
    }
}
