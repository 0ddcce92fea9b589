import Analysis
import Rollout

extension AuditView {
    /// What a person reads.
    func lines(_ console: Console) -> [String] {
        let share = variants[0].observedShare.map { NumberText.percent($0) } ?? "nobody"
        let verdictWords = console.painted(words, colour)
        return ["\(flag): \(exposure) published, \(share) observed: \(verdictWords)"]
            + Paragraph.lines(source, after: "  from      ")
            + variantLines + testLines + assignmentLines
            + causes.flatMap { cause in
                Paragraph.lines(cause.text, after: "  likely    ")
            }
    }

    private var words: String {
        switch verdict {
        case .tooFew where (assignments?.wrong ?? 0) > 0, .fits where (assignments?.wrong ?? 0) > 0,
            .doubtful where (assignments?.wrong ?? 0) > 0:
            "wrong assignments"
        case .fits: "fits"
        case .doubtful: "doubtful"
        case .mismatch: "mismatch"
        case .tooFew: "too few clients to tell"
        }
    }

    private var colour: Colour {
        if exitStatus != 0 { return .red }
        return verdict == .fits ? .green : .yellow
    }

    private var variantLines: [String] {
        let width = variants.map(\.name.count).max() ?? 0
        return variants.map { variant in
            let name = variant.name + String(repeating: " ", count: width - variant.name.count)
            let share = variant.observedShare.map { " (\(NumberText.percent($0)))" } ?? ""
            let expected =
                "expected \(NumberText.count(variant.expected)) (\(NumberText.percent(variant.expectedShare, places: 3)))"
            return "  \(name)  \(NumberText.count(variant.observed))\(share), \(expected)"
        }
    }

    private var testLines: [String] {
        let statistic = chiSquare.statistic.map { NumberText.decimal($0, places: 2) } ?? "∞"
        let test = "χ² = \(statistic), df \(chiSquare.degreesOfFreedom), p = \(PText.text(chiSquare.pValue))"
        let off = "off by \(DifferenceText.points(difference))"
        return ["  test      \(off); \(test); sequential p = \(PText.text(sequentialPValue))"]
    }

    private var assignmentLines: [String] {
        guard let assignments else { return [] }
        let ids = NumberText.count(Double(assignments.ids))
        guard assignments.wrong > 0 else {
            return ["  ids       \(ids), each with the variant it should have"]
        }
        let wrong = NumberText.count(Double(assignments.wrong))
        let both =
            assignments.both > 0 ? ", \(NumberText.count(Double(assignments.both))) of them with both" : ""
        let head = "  ids       \(wrong) of \(ids) have another variant than they should\(both)"
        let list = assignments.list.map { "            \($0.id): \($0.observed), should be \($0.expected)" }
        let left = assignments.wrong - assignments.list.count
        let more =
            left > 0 ? ["            … and \(NumberText.count(Double(left))) more; --list names all"] : []
        return [head] + list + more
    }
}
