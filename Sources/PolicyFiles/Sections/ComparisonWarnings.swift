import Rollout

extension Value {
    /// Warns of comparisons that count what another one counts: they can only say the same again.
    ///
    /// - Parameter checks: All of this list, in order.
    func warnOfSameComparisons(_ checks: [Check]) {
        var former: [(counted: Counted, line: Int, name: String)] = []
        for (item, check) in zip(items, checks) {
            guard let comparison = check.comparison else { continue }
            let counted = Counted(comparison.measure)
            if let same = former.first(where: { $0.counted == counted }) {
                let message = "'\(check.name)' counts what '\(same.name)' in line \(same.line) counts"
                (item.value(under: CheckKey.compare) ?? item).warn(
                    "same-comparison",
                    message,
                    hint:
                        "leave one out: the more comparisons share the false alarms, the more each must show"
                )
            }
            former.append((counted, item.place.line, check.name))
        }
    }

    /// Warns of steps whose bake is over before any comparison can pass them.
    ///
    /// - Parameters:
    ///   - steps: All of this list, in order.
    ///   - interval: How often is judged.
    func warnOfShortBakes(_ steps: [Step], interval: Span) {
        for (index, (item, step)) in zip(items, steps).enumerated() {
            let isLast = index == steps.count - 1
            let needed = Comparison.leastIntervals(inLastStep: isLast)
            let least = interval * Int64(needed)
            guard step.bake < least else { continue }
            let what = isLast ? "the last step" : "a step"
            (item.value(under: StepKey.bake) ?? item).warn(
                "short-bake",
                "a comparison needs \(needed) intervals in \(what): this one takes at least \(least), not \(step.bake)",
                hint: "write \(least), or judge more often with a shorter 'interval'"
            )
        }
    }
}

/// What a comparison counts, however it is written.
private enum Counted: Equatable {
    case failures(PromQLSelector?, PromQLSelector?)
    case slow(PromQLSelector?, Span)

    init(_ measure: ComparisonMeasure) {
        self =
            switch measure {
            case .failures(let selector, let exposures):
                .failures(Value.plainSelector(selector), Value.plainSelector(exposures))
            case .slow(let histogram, let bound): .slow(Value.plainSelector(histogram), bound)
            }
    }
}
