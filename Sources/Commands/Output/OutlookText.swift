import Assignment
import Rollout

/// How long a rollout is expected to take and what it can find, as lines of at most 80 columns.
struct OutlookText {
    var outlook: Outlook
    /// What a line begins with: a label in the first, blanks in the others.
    var head: (String) -> String

    /// More steps than a reader follows are left out in the middle.
    private static let mostSteps = 6

    /// The lines; of a rollout that is under way the times are what is left of it.
    func lines(isUnderWay: Bool, _ console: Console) -> [String] {
        let isOne = outlook.checks.count == 1
        let tables = outlook.checks.enumerated().flatMap { index, check in
            paragraph(index == 0 ? "outlook" : "", "\(check.name) at \(check.traffic.text)") + table(check)
        }
        let left = isUnderWay ? "left for a healthy rollout" : "in all for a healthy rollout"
        let total = isOne ? left : "\(left), by the slowest check of each step"
        return tables + paragraph("", "\(total): \(outlook.total.text)")
            + tolerances + warnings(console)
    }

    // MARK: What is expected

    private func table(_ check: CheckOutlook) -> [String] {
        let rows =
            [["step", "healthy", "finds ×2", "×5", "all", "in bake", "passes"]]
            + shown(check.steps).map { step in
                [step.exposure.description, step.passing.briefText] + step.findings.map(\.time.briefText)
                    + [step.smallestFound.map { "×\(NumberText.multiple($0))" } ?? "none"]
                    + [NumberText.share(step.tolerance.share)]
            }
        return TextTable(rows).lines.map { head("") + $0 }
    }

    private func shown(_ steps: [StepForecast]) -> [StepForecast] {
        guard steps.count > Self.mostSteps else { return steps }
        let half = steps.min { $0.exposure.distanceToHalf < $1.exposure.distanceToHalf }
        return steps.enumerated().filter { index, step in
            index < 2 || index >= steps.count - 2 || step == half
        }
        .map(\.element)
    }

    /// What may still be promoted while there is a control, beside the shares of the tables.
    private var tolerances: [String] {
        outlook.checks.flatMap { check -> [String] in
            let name = outlook.checks.count > 1 ? "\(check.name): " : ""
            let compared = check.steps.map(\.tolerance).filter { $0.ratio != nil }
            guard let ratio = compared.first?.ratio else { return [] }
            let budgets = compared.map { NumberText.multiple($0.failuresPerMinute) }
            let least = budgets.first ?? "", most = budgets.last ?? ""
            let range = least == most ? least : "\(least) to \(most)"
            let failures = range == "1" ? "1 failure" : "\(range) failures"
            let words =
                "\(name)may be promoted: up to \(NumberText.multiple(ratio)) × control and \(failures) a minute more"
            return paragraph("", words)
        }
    }

    private func warnings(_ console: Console) -> [String] {
        outlook.warnings.flatMap { warning in
            var lines = paragraph("warning", warning.text)
            lines[0] = lines[0].replacing(
                "warning",
                with: console.painted("warning", .yellow),
                maxReplacements: 1
            )
            return lines
        }
    }

    private func paragraph(_ label: String, _ text: String) -> [String] {
        Paragraph.lines(text, after: head(label))
    }
}

extension ExpectedTraffic {
    /// `1,200 a minute, 0.5 % failing, burstiness 1.4`, where exposures of both arms are meant.
    var text: String {
        let rate = exposures >= 10 ? NumberText.count(exposures) : NumberText.decimal(exposures, places: 1)
        return
            "\(rate) a minute, \(NumberText.share(failing)) failing, burstiness \(NumberText.multiple(burstiness))"
    }
}

extension Percentage {
    fileprivate var distanceToHalf: Double { (percent - 50).magnitude }
}

/// Words in columns, the first flush left and the others, too: they are read down as words.
struct TextTable {
    private let rows: [[String]]
    private static let gap = "  "

    init(_ rows: [[String]]) {
        self.rows = rows
    }

    var lines: [String] {
        let widths = (rows.first ?? []).indices.map { column in
            rows.compactMap { $0.indices.contains(column) ? $0[column].count : nil }.max() ?? 0
        }
        return rows.map { row in
            let padded = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: max(0, width - text.count))
            }
            let line = padded.joined(separator: Self.gap)
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
