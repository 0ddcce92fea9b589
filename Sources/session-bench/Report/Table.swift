/// Figures with their limits, 80 columns wide.
struct Table {
    struct Row {
        var name: String
        var figure: String
        var limit: String
        /// Nil where there is no limit.
        var holds: Bool?
    }

    var title: String
    /// What the figures rest on, below them.
    var remarks: [String] = []
    private(set) var rows: [Row] = []

    init(_ title: String) {
        self.title = title
    }

    /// Adds a figure that is only told.
    mutating func tell(_ name: String, _ figure: String) {
        rows.append(Row(name: name, figure: figure, limit: "", holds: nil))
    }

    /// Adds a figure that must not be above its limit.
    mutating func add(_ name: String, _ figure: Double, _ unit: String, atMost limit: Double) {
        let text = "\(figure.text) \(unit)"
        rows.append(Row(name: name, figure: text, limit: "at most \(limit.text)", holds: figure <= limit))
    }

    /// Adds a figure that must not be below its limit.
    mutating func add(_ name: String, _ figure: Double, _ unit: String, atLeast limit: Double) {
        let text = "\(figure.text) \(unit)"
        rows.append(Row(name: name, figure: text, limit: "at least \(limit.text)", holds: figure >= limit))
    }

    var holds: Bool { rows.allSatisfy { $0.holds != false } }

    var text: String {
        let lines = rows.map { row in
            let verdict = row.holds.map { $0 ? "ok" : "BROKEN" } ?? ""
            let cells =
                "  " + row.name.padded(to: 36) + row.figure.padded(to: 18, left: true) + "  "
                + row.limit.padded(to: 15) + verdict
            return cells.withoutTrailingSpaces
        }
        return ([title] + lines + remarks.map { "  " + $0 }).joined(separator: "\n")
    }
}

extension Double {
    /// As many digits as a reader wants: two after the point below one, one below a hundred, none above.
    var text: String {
        guard isFinite else { return "none" }
        guard magnitude >= 1 || self == 0 else {
            let hundredths = abs(Int((self * 100).rounded()))
            return "\(self < 0 ? "-" : "")\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
        }
        guard magnitude < 100 else { return Int(rounded()).grouped }
        let tenths = Int((self * 10).rounded())
        guard !tenths.isMultiple(of: 10) else { return "\(tenths / 10)" }
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}

extension Int {
    /// With a comma before every third digit.
    var grouped: String {
        var text = ""
        for (index, digit) in String(magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + String(text.reversed())
    }
}

extension String {
    fileprivate func padded(to width: Int, left: Bool = false) -> String {
        let spaces = String(repeating: " ", count: Swift.max(0, width - count))
        return left ? spaces + self : self + spaces
    }

    fileprivate var withoutTrailingSpaces: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
