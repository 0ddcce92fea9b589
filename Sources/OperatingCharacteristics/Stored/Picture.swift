/// The rules as dots: how often each rolls a harmless flag back, and how much harm each lets through.
package struct Picture: Sendable {
    private let dots: [Dot]

    private struct Dot {
        var name: String
        var isOurs: Bool
        /// The share of harmless rollouts that are rolled back: the worst service, and the mean of all.
        var worst: Double
        var mean: Double
        /// Requests that failed for the sake of a flag that fails five times as often.
        var harm: Double
        var wrongPromotion: Double

        /// Whether its name is written to its left, away from the edge it is nearer to.
        var isRight: Bool { Picture.x(worst) > 0.5 * (Picture.frame.left + Picture.frame.right) }
    }

    /// Draws what was measured; rules that were not tried in every scenario are left out.
    package init(_ survey: Survey) {
        dots = survey.candidates.compactMap { candidate in
            let harmless = Scenario.harmless.map { survey.tallies(candidate, $0) }
            let fivefold = survey.tallies(candidate, .fivefold)
            guard let worst = harmless.joined().map(\.rollbackShare).max(),
                let mean = Array(harmless.joined()).mean(\.rollbackShare),
                let harm = fivefold.mean(\.meanHarm),
                let wrongPromotion = fivefold.mean(\.promotionShare)
            else { return nil }
            return Dot(
                name: candidate.name,
                isOurs: candidate.name.hasPrefix("Tidegate"),
                worst: worst,
                mean: mean,
                harm: harm,
                wrongPromotion: wrongPromotion
            )
        }
    }

    private static let (width, height) = (800, 540)
    private static let frame = (left: 84.0, right: 776.0, top: 104.0, bottom: 452.0)
    /// Shares below this are drawn at the left edge, where 0 is.
    private static let leastShare = 0.001
    private static let harms = 10.0...200_000

    /// The file.
    package var svg: String {
        var svg = SVG(
            width: Self.width,
            height: Self.height,
            title: "False rollbacks and bad requests of \(dots.count) rules",
            style: Self.style
        )
        svg.rectangle(
            SVG.Point(x: 0, y: 0),
            width: Double(Self.width),
            height: Double(Self.height),
            radius: 8,
            class: "paper"
        )
        head(&svg)
        axes(&svg)
        for (dot, y) in zip(dots, labelHeights) { draw(dot, labelAt: y, &svg) }
        return svg.document
    }

    private func head(_ svg: inout SVG) {
        svg.text(
            "A good flag rolled back, a bad flag served",
            .start,
            at: SVG.Point(x: 24, y: 34),
            class: "title"
        )
        svg.text(
            "Simulated rollouts over nine services. Best is bottom left. The line reaches from a rule’s mean to its worst",
            .start,
            at: SVG.Point(x: 24, y: 56),
            class: "note"
        )
        svg.text(
            "service; in brackets how often it gave everybody a flag that fails five times as often.",
            .start,
            at: SVG.Point(x: 24, y: 72),
            class: "note"
        )
    }

    private func axes(_ svg: inout SVG) {
        let frame = Self.frame
        for (share, name) in [(0, "0"), (0.001, "0.1 %"), (0.01, "1 %"), (0.1, "10 %"), (1, "100 %")] {
            let x = Self.x(share)
            let isLimit = share == 0.01
            svg.line(
                SVG.Point(x: x, y: frame.top),
                SVG.Point(x: x, y: frame.bottom),
                class: isLimit ? "limit" : "grid"
            )
            svg.text(name, .middle, at: SVG.Point(x: x, y: frame.bottom + 20), class: "tick")
        }
        svg.text("error budget", .middle, at: SVG.Point(x: Self.x(0.01), y: frame.top - 6), class: "tick")
        for harm in [10.0, 100, 1000, 10000, 100_000] {
            let y = Self.y(harm)
            svg.line(SVG.Point(x: frame.left, y: y), SVG.Point(x: frame.right, y: y), class: "grid")
            svg.text(Figures.grouped(harm), .end, at: SVG.Point(x: frame.left - 8, y: y + 4), class: "tick")
        }
        svg.text(
            "harmless rollouts rolled back, worst service and scenario",
            .middle,
            at: SVG.Point(x: 0.5 * (frame.left + frame.right), y: frame.bottom + 46),
            class: "axis"
        )
        svg.text(
            "no change, incidents in both arms, bursts, gaps, counter resets",
            .middle,
            at: SVG.Point(x: 0.5 * (frame.left + frame.right), y: frame.bottom + 64),
            class: "note"
        )
        svg.upwards(
            "bad requests of a ×5 regression in 4 hours",
            at: SVG.Point(x: 20, y: 0.5 * (frame.top + frame.bottom)),
            class: "axis"
        )
    }

    private func draw(_ dot: Dot, labelAt labelY: Double, _ svg: inout SVG) {
        let point = SVG.Point(x: Self.x(dot.worst), y: Self.y(dot.harm))
        let kind = dot.isOurs ? "ours" : "other"
        let mean = SVG.Point(x: Self.x(dot.mean), y: point.y)
        svg.line(mean, point, class: "\(kind) reach")
        svg.circle(point, radius: dot.isOurs ? 7 : 5.5, class: kind)
        let isRight = dot.isRight
        let label = SVG.Point(
            x: isRight ? min(mean.x, point.x - 60) - 12 : point.x + 14,
            y: labelY
        )
        let end = SVG.Point(x: label.x + (isRight ? 4 : -4), y: labelY - 4)
        svg.line(isRight ? mean : point, end, class: "leader")
        svg.text(
            "\(dot.name) (\(Figures.percent(dot.wrongPromotion)))",
            isRight ? .end : .start,
            at: label,
            class: dot.isOurs ? "name ourName" : "name"
        )
    }

    /// Where each dot's name is written: near it, and clear of the others on its side.
    private var labelHeights: [Double] {
        var heights = dots.map { Self.y($0.harm) + 4 }
        for isRight in [false, true] {
            // To the left of a dot there is only its own line; to the right there may be the next dot.
            let distance = isRight ? 17.0 : 40.0
            let order = dots.indices.filter { dots[$0].isRight == isRight }
                .sorted { (heights[$0], $0) < (heights[$1], $1) }
            for _ in 0..<200 {
                for (upper, lower) in zip(order, order.dropFirst()) {
                    let missing = max(0, distance - (heights[lower] - heights[upper]))
                    heights[upper] -= missing / 2
                    heights[lower] += missing / 2
                }
            }
        }
        return heights
    }

    private static func x(_ share: Double) -> Double {
        let zero = 44.0
        guard share > leastShare else {
            return frame.left + zero * max(0, share / leastShare)
        }
        let decades = -Elementary.decimalLogarithm(leastShare)
        let part = 1 + Elementary.decimalLogarithm(share) / decades
        return frame.left + zero + part * (frame.right - frame.left - zero)
    }

    private static func y(_ harm: Double) -> Double {
        let least = Elementary.decimalLogarithm(harms.lowerBound)
        let most = Elementary.decimalLogarithm(harms.upperBound)
        let value = Elementary.decimalLogarithm(min(max(harm, harms.lowerBound), harms.upperBound))
        return frame.bottom - (value - least) / (most - least) * (frame.bottom - frame.top)
    }

    private static let style = """
        text { font-family: system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2933; }
        .paper { fill: #ffffff; }
        .title { font-size: 19px; font-weight: 600; }
        .note, .tick { font-size: 12px; fill: #56636f; }
        .axis { font-size: 13px; }
        .name { font-size: 13px; }
        .ourName { font-weight: 700; fill: #00695c; }
        .grid { stroke: #d9dfe5; stroke-width: 1; }
        .limit { stroke: #b23c17; stroke-width: 1.5; stroke-dasharray: 5 4; }
        .ours { fill: #00897b; stroke: #00897b; }
        .other { fill: #8895a1; stroke: #8895a1; }
        .reach { stroke-width: 2; opacity: 0.6; }
        .leader { stroke: #aab4be; stroke-width: 0.75; }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .paper { fill: #11171e; }
        .note, .tick { fill: #9aa7b4; }
        .ourName { fill: #5ad6c4; }
        .grid { stroke: #2b343e; }
        .limit { stroke: #ff8a5c; }
        .ours { fill: #3cc8b4; stroke: #3cc8b4; }
        .other { fill: #8593a1; stroke: #8593a1; }
        .leader { stroke: #55616d; }
        }
        """
}
