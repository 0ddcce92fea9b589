import Testing
import TidegateTestKit

/// A file that people copy from the repository.
struct ExampleFile {
    var path: String
    var text: String

    /// Opens `Scripts/examples/NAME`.
    init(_ name: String) throws {
        path = Self.repository + "/Scripts/examples/" + name
        text = String(decoding: try FileContents.read(path), as: UTF8.self)
    }

    /// Where the repository lies: four folders above this file.
    static let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")

    /// Its lines without comments and blanks.
    var lines: [Substring] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace) }
    }

    /// The text with the paths of an installation replaced by those of a test.
    static func moved(_ text: some StringProtocol, policy: String) throws -> String {
        String(text)
            .replacing("/usr/local/bin/tidegate", with: try TidegateCommand.programPath())
            .replacing("/etc/tidegate/sse.yaml", with: policy)
    }
}
