import FoundationEssentials
package import Testing

/// Holds output against a file that was looked at and committed.
package enum Golden {
    /// Expects `actual` to be, byte for byte, what the file at `path` holds.
    ///
    /// With `RECORD=1` in the environment the file is written anew, and the test still fails, so that a run which
    /// recorded is never mistaken for one that compared.
    package static func expect(
        _ actual: String,
        matches path: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            record(actual, at: path, sourceLocation)
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            Issue.record("\(path) is missing; RECORD=1 writes it", sourceLocation: sourceLocation)
            return
        }
        let expected = String(decoding: data, as: UTF8.self)
        guard actual != expected else { return }
        let comparison = difference(expected: expected, actual: actual)
        Issue.record("\(path) differs\n\(comparison)", sourceLocation: sourceLocation)
    }

    /// The folder a test's source lies in, with `name` appended: where its fixtures are.
    package static func fixtures(_ name: String, besides file: String = #filePath) -> String {
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (folder + [Substring(name)]).joined(separator: "/")
    }

    private static func record(_ actual: String, at path: String, _ sourceLocation: SourceLocation) {
        let written = FileManager.default.createFile(atPath: path, contents: Data(actual.utf8))
        let outcome: Comment = written ? "recorded \(path); run again without RECORD" : "cannot write \(path)"
        Issue.record(outcome, sourceLocation: sourceLocation)
    }

    /// Both texts from the first line that differs on.
    private static func difference(expected: String, actual: String) -> String {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
        let same = zip(old, new).prefix { $0 == $1 }.count
        let missing = old.dropFirst(same).prefix(8).map { "- \($0)" }
        let added = new.dropFirst(same).prefix(8).map { "+ \($0)" }
        return (["from line \(same + 1) on:"] + missing + added).joined(separator: "\n")
    }
}
