import FoundationEssentials
import Testing
import TidegateTestKit

@Suite("The page's own tests")
struct PageTests {
    private static let node = try? ProgramLaunch.path(of: "node")
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "PageTests").path

    @Test("pass", .enabled(if: node != nil), .timeLimit(.minutes(2)))
    func pass() throws {
        let node = try #require(Self.node)
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
            .filter { $0.hasSuffix(".test.mjs") }
            .sorted()
        try #require(!files.isEmpty)
        // What fails, and the seed it fails with, is in the error's output.
        let output = try ProgramLaunch.run([node, "--test"] + files, in: Self.folder)
        #expect(output.contains("# fail 0\n") && !output.contains("# pass 0\n"), "\(output)")
    }
}
