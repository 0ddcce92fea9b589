import TidegateTestKit

/// The files of the repository that operators use as they are.
enum Repository {
    /// Where it lies: three folders above this file.
    static let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    static let monitoring = "\(folder)/Policies/monitoring"

    static let operationsPage = "Sources/SessionService/SessionService.docc/Operations.md"

    /// The text of a file, by its path in the repository.
    static func text(_ path: String) throws -> String { try FileContents.text("\(folder)/\(path)") }
}
