import Testing

/// The page that says how the service is run, and what can be copied from it.
struct OperationsPage {
    let lines: [Substring]

    init() throws {
        lines = try Repository.text(Repository.operationsPage)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The only block of this language that contains `mark`.
    func block(_ language: String, with mark: String) throws -> String {
        let found = blocks(language).filter { $0.contains(mark) }
        try #require(found.count == 1, "\(found.count) blocks of \(language) with '\(mark)'")
        return found[0]
    }

    /// The blocks of one language, in order.
    func blocks(_ language: String) -> [String] {
        var blocks: [String] = []
        var current: [Substring]?
        for line in lines {
            if let open = current {
                current = line == "```" ? nil : open + [line]
                if current == nil { blocks.append(open.joined(separator: "\n") + "\n") }
            } else if line == "```\(language)" {
                current = []
            }
        }
        return blocks
    }

    /// What follows `#` in a link to a heading, as GitHub makes it.
    var anchors: Set<String> {
        Set(
            lines.filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" || $0 == " " }.lowercased()
                    .replacing(" ", with: "-")
                    .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            }
        )
    }
}
