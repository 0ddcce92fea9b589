import PolicyFiles
import Testing
import TidegateTestKit

@Suite("A garbled policy")
struct GarbledPolicyTests {
    @Test(
        "that is torn at any byte is read or refused with a place in the file",
        arguments: ["everything", "comparisons"]
    )
    func torn(name: String) {
        let whole = Self.bytes(of: name)
        let lines = whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
        for length in 0..<whole.count {
            expectAnAnswer(Array(whole.prefix(length)), lines: lines, "\(name) torn after \(length)")
        }
    }

    @Test(
        "with bytes changed, removed and doubled is read or refused",
        arguments: ["everything", "comparisons"],
        [1, 7, 42] as [UInt64]
    )
    func mutated(name: String, seed: UInt64) {
        let whole = Self.bytes(of: name)
        var random = SeededGenerator(seed: seed)
        let marks = Array("{}[]:,-#&*!|>'\"%$\\ \n\t0~".utf8) + [0x00, 0xFF, 0xC3]
        for round in 0..<300 {
            var bytes = whole
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = marks.randomElement(using: &random) ?? 0
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
                }
            }
            expectAnAnswer(bytes, lines: 500, "\(name), seed \(seed), round \(round)")
        }
    }

    private static func bytes(of name: String) -> [UInt8] {
        Reading.bytes(at: Golden.fixtures("Policies/good/\(name).yaml"))
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
