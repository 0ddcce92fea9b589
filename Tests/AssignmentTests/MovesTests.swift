import Assignment
import Testing

@Suite("Clients moved by a change")
struct MovesTests {
    private func assigner(
        at percent: Double,
        by algorithm: HashAlgorithm = .flagdV2,
        salt: String = "sse",
        enabled: Bool = true
    ) throws -> Assigner {
        let share = try #require(Percentage(percent: percent))
        return Assigner(
            Allocation(enabled: enabled, percentage: share, salt: salt, algorithm: algorithm, revision: 1)
        )
    }

    @Test("are counted exactly among the clients given")
    func counts() throws {
        let (ten, fifty) = try (assigner(at: 10), assigner(at: 50))
        let keys = (0..<1_000).map { "user-\($0)" }
        let between = keys.count { (10_000..<50_000).contains(ten.assign($0).bucket ?? 0) }
        #expect(ten.moved(to: fifty, among: keys) == between)
        #expect(fifty.moved(to: ten, among: keys) == between)
        #expect(ten.moved(to: ten, among: keys) == 0)
        #expect(try assigner(at: 100).moved(to: assigner(at: 100, enabled: false), among: keys) == 1_000)
    }

    @Test("by another algorithm or salt at a half are half of the sample", arguments: HashAlgorithm.allCases)
    func halfMoves(algorithm: HashAlgorithm) throws {
        let before = try assigner(at: 50)
        let after = try assigner(at: 50, by: algorithm, salt: algorithm == .flagdV2 ? "other" : "sse")
        let moved = before.moved(to: after, among: SampleClients())
        // Four standard deviations of a fair draw are 632; the sample is fixed, so this never flickers.
        #expect((50_000 - 632...50_000 + 632).contains(moved), "\(moved) moved")
    }

    @Test("are the same ones in every process: the sample is fixed")
    func sampleIsFixed() {
        let sample = Array(SampleClients(count: 3))
        #expect(
            sample == [
                "e220a839-7b1d-cdaf-6e78-9e6aa1b965f4", "06c45d18-8009-454f-f88b-b8a8724c81ec",
                "1b39896a-51a8-749b-53cb-9f0c747ea2ea",
            ]
        )
        #expect(Set(SampleClients()).count == 100_000)
        #expect(Array(SampleClients(count: 0)).isEmpty && Array(SampleClients(count: -1)).isEmpty)
    }
}
