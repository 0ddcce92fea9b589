/// A table in Markdown that is also readable as it stands.
package struct TextTable: Sendable {
    var head: [String]
    var rows: [[String]]
    /// How many columns hold words, from the left; the others are put to the right.
    var wordColumns = 1

    /// Its lines.
    package var text: String {
        let widths = head.indices.map { column in
            ([head] + rows).map { $0[column].count }.max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column < wordColumns ? cell + padding : padding + cell
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { column, width in
            column < wordColumns
                ? String(repeating: "-", count: width)
                : String(repeating: "-", count: max(1, width - 1)) + ":"
        }
        return ([line(head), line(rule)] + rows.map(line)).joined(separator: "\n")
    }
}

/// A table with what is to be said about it.
package struct Section: Sendable {
    package var title: String
    package var remark: String
    package var table: TextTable

    /// As a part of a page.
    package var text: String { "### \(title)\n\n\(remark)\n\n\(table.text)" }
}
