import Assignment
import FoundationEssentials
import Testing
import TidegateTestKit

@Suite("The documentation's JavaScript")
struct OtherLanguagesTests {
    private static let node = try? ProgramLaunch.path(of: "node")

    @Test("computes the buckets of the vectors, and of other texts", .enabled(if: node != nil))
    func agrees() throws {
        var questions: [[String]] = []
        var expected: [UInt32] = []
        let vectors = try FlagdVectors.read(.flagdV2)
        for row in vectors.hashInputs.results {
            for (salt, input) in [("checkout", row.salted), ("", row.plain)] {
                questions.append([salt, row.key])
                expected.append(UInt32((UInt64(input.hash) * 100_000) >> 32))
            }
        }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let (salt, key) = (randomText(using: &random), randomText(using: &random) + "x")
            let allocation = Allocation(enabled: true, percentage: .hundred, salt: salt, revision: 1)
            questions.append([salt, key])
            expected.append(try #require(Assigner(allocation).assign(key).bucket))
        }
        let answers = try answers(to: questions)
        #expect(answers.count == expected.count)
        for (question, (answer, bucket)) in zip(questions, zip(answers, expected)) {
            #expect(answer == bucket, "seed 7: \(question)")
        }
    }

    /// Runs the page's function in node.
    private func answers(to questions: [[String]]) throws -> [UInt32] {
        let node = try #require(Self.node)
        let directory = try TemporaryDirectory()
        let program = """
            \(try documentedFunction())
            import { readFileSync } from "node:fs";
            const questions = JSON.parse(readFileSync("questions.json", "utf8"));
            console.log(JSON.stringify(questions.map(([salt, key]) => bucket(salt, key))));
            """
        try TextFile.write(program, to: directory.path("page.mjs"))
        let json = try JSONEncoder().encode(questions)
        try TextFile.write(String(decoding: json, as: UTF8.self), to: directory.path("questions.json"))
        let output = try ProgramLaunch.run([node, "page.mjs"], in: directory.path)
        return try JSONDecoder().decode([UInt32].self, from: Data(output.utf8))
    }

    /// The one block of JavaScript on the page.
    private func documentedFunction() throws -> String {
        let page = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/Assignment/Assignment.docc/OtherLanguages.md")
        let lines = try String(contentsOf: page, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "```javascript"))
        let block = lines[(start + 1)...].prefix { $0 != "```" }
        try #require(!block.isEmpty && lines.count { $0 == "```javascript" } == 1)
        return block.joined(separator: "\n")
    }
}
