import PolicyFiles
import Testing
import TidegateTestKit

@Suite("A garbled policy")
struct GarbledPolicyTests {
    private static let whole = Reading.bytes(at: Golden.fixtures("Policies/good/everything.yaml"))

    @Test("that is torn at any byte is read or refused with a place in the file")
    func torn() {
        let lines = Self.whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
        for length in 0..<Self.whole.count {
            expectAnAnswer(Array(Self.whole.prefix(length)), lines: lines, "torn after \(length)")
        }
    }

    @Test("with bytes changed, removed and doubled is read or refused", arguments: [1, 7, 42] as [UInt64])
    func mutated(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let marks = Array("{}[]:,-#&*!|>'\"%$\\ \n\t0~".utf8) + [0x00, 0xFF, 0xC3]
        for round in 0..<300 {
            var bytes = Self.whole
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = marks.randomElement(using: &random) ?? 0
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
                }
            }
            expectAnAnswer(bytes, lines: 500, "seed \(seed), round \(round)")
        }
    }

    private func expectAnAnswer(_ bytes: [UInt8], lines: Int, _ what: Comment) {
        do {
            let loaded = try PolicyFile.load(
                bytes: bytes,
                path: "a.yaml",
                folder: Reading.folder,
                environment: Reading.environment
            )
            #expect(loaded.digest.hasPrefix("sha256:"), what)
        } catch {
            #expect(error.all.contains { $0.severity == .error }, what)
            #expect(error.all.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 }, what)
        }
    }
}
