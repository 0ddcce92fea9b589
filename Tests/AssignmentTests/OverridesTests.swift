import Assignment
import Testing
import TidegateTestKit

@Suite("Clients named in a list")
struct OverridesTests {
    private func assigner(at share: Percentage, enabled: Bool = true, _ overrides: Overrides) -> Assigner {
        Assigner(
            Allocation(enabled: enabled, percentage: share, salt: "sse", revision: 1),
            overrides: overrides
        )
    }

    @Test("get their variant whatever their bucket, with the reason")
    func winOverBuckets() {
        let overrides = Overrides(included: ["tester"], excluded: ["auditor"])
        let tester = assigner(at: .zero, overrides).assign("tester")
        #expect(tester == Assigned(variant: .treatment, bucket: nil, reason: .targetingMatch))
        let auditor = assigner(at: .hundred, overrides).assign("auditor")
        #expect(auditor == Assigned(variant: .control, bucket: nil, reason: .targetingMatch))
        #expect(assigner(at: .hundred, overrides).assign("user-1").reason == .split)
    }

    @Test("get control while the flag is disabled")
    func loseToDisabled() {
        let disabled = assigner(at: .hundred, enabled: false, Overrides(included: ["tester"]))
        #expect(disabled.assign("tester") == Assigned(variant: .control, bucket: nil, reason: .disabled))
    }

    @Test("are excluded when they are in both lists")
    func excludedWins() {
        let both = assigner(at: .hundred, Overrides(included: ["tester"], excluded: ["tester"]))
        #expect(both.assign("tester").variant == .control)
    }

    @Test("do not include a client without a key")
    func needAKey() {
        let nobody = assigner(at: .zero, Overrides(included: [""])).assign("")
        #expect(nobody == Assigned(variant: .control, bucket: nil, reason: .targetingKeyMissing))
    }

    @Test("are told apart by bytes, not by characters")
    func areBytes() {
        let composed = assigner(at: .zero, Overrides(included: ["\u{e9}"]))
        #expect(composed.assign("\u{e9}").variant == .treatment)
        #expect(composed.assign("e\u{301}").variant == .control)
        #expect(Overrides(included: ["\u{e9}"]) != Overrides(included: ["e\u{301}"]))
        // A malformed byte is no replacement character here.
        let replaced = assigner(at: .zero, Overrides(included: ["\u{fffd}"]))
        #expect(replaced.assign(utf8: ([0xff] as [UInt8]).span).variant == .control)
    }

    @Test("are found in a long list, and nobody else is", arguments: [1, 7, 42] as [UInt64])
    func areFound(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for size in [0, 1, 2, 3, 7, 8, 500] {
            let names = (0..<size).map { _ in randomText(using: &random) + "x" }
            let others = (0..<size).map { _ in randomText(using: &random) + "y" }
            let assigner = assigner(at: .zero, Overrides(included: names + names))
            #expect(names.allSatisfy { assigner.assign($0).variant == .treatment }, "seed \(seed)")
            #expect(others.allSatisfy { assigner.assign($0).reason == .split }, "seed \(seed)")
        }
    }

    @Test("are the same lists in any order, however often they are named")
    func compare() {
        #expect(Overrides(included: ["a", "b", "a"]) == Overrides(included: ["b", "a"]))
        #expect(Overrides(included: ["a"]) != Overrides(excluded: ["a"]))
        #expect(Overrides(included: [] as [String]) == .none)
    }
}
