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

    /// The blocks of one language, in order, those within lists too.
    func blocks(_ language: String) -> [String] {
        split.blocks.filter { $0.language == language }.map(\.text)
    }

    /// What follows `#` in a link to a heading, as GitHub makes it.
    var anchors: Set<String> {
        Set(
            split.prose.filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" || $0 == " " }.lowercased()
                    .replacing(" ", with: "-")
                    .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            }
        )
    }

    /// The page as text, and as what is not text.
    private var split: (prose: [Substring], blocks: [(language: String, text: String)]) {
        var prose: [Substring] = []
        var blocks: [(language: String, text: String)] = []
        var isOpen = false
        for line in lines {
            let words = line.drop { $0 == " " }
            if words.hasPrefix("```") {
                if !isOpen { blocks.append((String(words.dropFirst(3)), "")) }
                isOpen.toggle()
            } else if isOpen {
                blocks[blocks.count - 1].text += "\(line)\n"
            } else {
                prose.append(line)
            }
        }
        return (prose, blocks)
    }
}
