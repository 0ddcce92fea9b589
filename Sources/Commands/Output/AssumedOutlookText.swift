import Rollout

/// What a policy's comparisons would come to at some assumed traffic: a row for each.
struct AssumedOutlookText {
    var outlooks: [Outlook]

    func lines(_ console: Console) -> [String] {
        guard let first = outlooks.first else { return [] }
        if outlooks.count == 1 {
            return ["  assumed traffic; 'plan' goes by what is seen"]
                + OutlookText(outlook: first, head: RolloutView.head).lines(isUnderWay: false, console)
        }
        return first.checks.flatMap { table(of: $0.name) }
            + Paragraph.lines(
                "burstiness 1; without a day of history 3 is assumed and all takes some 4 times as long",
                after: "  "
            )
            + Paragraph.lines("one traffic, every step: --traffic 20/s --failing 0.5%", after: "  ")
    }

    /// One check at each traffic, in its first step.
    private func table(of name: String) -> [String] {
        let rows = outlooks.compactMap { outlook -> [String]? in
            guard let check = outlook.checks.first(where: { $0.name == name }), let first = check.steps.first
            else { return nil }
            return [
                "\(NumberText.decimal(check.traffic.exposures / 60, places: 2))/s", outlook.total.briefText,
            ]
                + first.findings.map(\.time.briefText)
                + ["\(NumberText.share(first.tolerance.share))"]
        }
        let place = outlooks.first?.steps.first.map { " at \($0.exposure)" } ?? ""
        let failing = outlooks.first?.checks.first.map { NumberText.share($0.traffic.failing) } ?? ""
        let heading = ["traffic", "healthy, in all", "finds ×2", "×5", "all", "passes"]
        return Paragraph.lines("\(name): assuming that \(failing) fail, found\(place):", after: "  ")
            + TextTable([heading] + rows).lines.map { "    \($0)" }
    }
}
