import Rollout
import Testing
import TidegateTestKit

@Suite("Garbled PromQL")
struct PromQLGarbledTests {
    private static let words = [
        "m", "a:b", "sum", "by", "on", "offset", "bool", "inf", "and", "group_left", "rate", "$window", "$",
        "5m", "0x1f",
        "1e-5", "1e", ".5", "\"s\"", "'", "`", "\\", "(", ")", "[", "]", "{", "}", ",", ":", "@", "=", "=~",
        "!~", ">", "<",
        "-", "#", "\n", " ", "é", "\u{0}",
    ]

    @Test(
        "is answered about all the same, and only with what stands in it",
        arguments: [1, 7, 42] as [UInt64]
    )
    func survives(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            let length = Int.random(in: 0..<14, using: &random)
            let text = (0..<length).map { _ in Self.words.randomElement(using: &random) ?? "" }.joined()
            let selectors = PromQL.selectors(in: text)
            #expect(selectors.allSatisfy { !$0.isEmpty && text.contains($0) }, "seed \(seed): \(text)")
            if PromQL.problem(in: text) != nil {
                #expect(selectors.isEmpty, "seed \(seed): \(text)")
                #expect(PromQL.plainSelector(text) == nil, "seed \(seed): \(text)")
            }
            if PromQL.plainSelector(text) != nil {
                #expect(selectors.count == 1 && PromQL.longestRange(in: text) == nil, "seed \(seed): \(text)")
            }
        }
    }
}
