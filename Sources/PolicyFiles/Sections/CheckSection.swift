import Rollout

/// The keys of a check.
enum CheckKey: String, SectionKey {
    case name
    case compare
    case ceiling, failures, exposures, minimumSamples
    case query, max, min, consecutive
    case split

    static let section = "a check"
    static let synonyms: [String: CheckKey] = [
        "expr": .query, "expression": .query, "promql": .query, "errors": .failures, "total": .exposures,
        "maximum": .max, "minimum": .min, "threshold": .max, "limit": .max, "failureLimit": .consecutive,
        "samples": .minimumSamples, "comparison": .compare, "baseline": .compare, "canary": .compare,
        "control": .compare, "treatment": .compare,
    ]
    static let elsewhere = withinCompare.merging(ComparisonTermsKeys.atTheTop) { $1 }

    private static let withinCompare = Dictionary(
        uniqueKeysWithValues: ["durations", "slowerThan", "objective", "tolerate", "harmBudget"]
            .map { ($0, "within 'compare'") }
    )
}

/// What answers the checks.
enum CheckedSource {
    /// A server that evaluates PromQL.
    case server
    /// Pages, of which counters can be picked and nothing more.
    case pages
}

extension Value {
    /// The checks, each with a name of its own, and none with a range longer than `shortestBake`.
    func checks(on source: CheckedSource, shortestBake: Span?) -> [Check]? {
        guard let items = items("check") else { return nil }
        var lines: [String: Int] = [:]
        let checks = items.compactMap { item -> Check? in
            guard let fields = Fields(item, keys: CheckKey.self) else { return nil }
            let name = fields.required(.name) { $0.checkName(besides: &lines) }
            let rule = item.rule(fields, on: source, shortestBake: shortestBake)
            guard let name, let rule else { return nil }
            return Check(name: name, rule: rule)
        }
        return checks.count == items.count ? checks : nil
    }

    private func checkName(besides lines: inout [String: Int]) -> String? {
        guard let name = identifier() else { return nil }
        if let line = lines[name] {
            return fail("duplicate-name", "a check called '\(name)' stands in line \(line) already")
        }
        lines[name] = place.line
        return name
    }

    private func rule(_ fields: Fields<CheckKey>, on source: CheckedSource, shortestBake: Span?)
        -> CheckRule?
    {
        let hint = "make two checks of it"
        guard let kind = fields.exactlyOne(of: .compare, .ceiling, .query, .split, hint: hint) else {
            return nil
        }
        if kind.key == .split || kind.key == .compare {
            let what = kind.key == .split ? "split" : "comparison"
            fields.refuse(
                .failures,
                .exposures,
                .minimumSamples,
                .max,
                .min,
                .consecutive,
                because: "what a \(what) needs stands within '\(kind.key.rawValue)'"
            )
            return kind.key == .split
                ? kind.value.split(on: source).map { .split($0) }
                : kind.value.comparison(on: source).map { .comparison($0) }
        }
        if kind.key == .ceiling {
            fields.refuse(.max, .min, .consecutive, because: "it belongs to a check with 'query'")
            return ceiling(fields, on: source).map { .ceiling($0) }
        }
        fields.refuse(.failures, .exposures, .minimumSamples, because: "it belongs to a check with 'ceiling'")
        if source == .pages {
            return kind.value.fail(
                "query-on-pages",
                "a page cannot answer PromQL",
                hint: "count its events with 'ceiling', or let a Prometheus scrape the page and ask that"
            )
        }
        return query(fields, shortestBake: shortestBake).map { .query($0) }
    }

    private func ceiling(_ fields: Fields<CheckKey>, on source: CheckedSource) -> Ceiling? {
        let limit = fields.required(.ceiling) { $0.ratioLimit() }
        let failures = fields.required(.failures) { $0.counterSelector(on: source) }
        let exposures = fields.required(.exposures) { $0.counterSelector(on: source) }
        let samples = fields.optional(.minimumSamples, default: Ceiling.defaultMinimumSamples) {
            $0.count(atLeast: 1)
        }
        guard let failures, let exposures else { return nil }
        if PromQL.plainSelector(failures) == PromQL.plainSelector(exposures) {
            let hint = "let 'failures' select what went wrong only, such as status=~\"5..\""
            return fields[.failures]?.fail(
                "same-selectors",
                "failures and exposures select the same series",
                hint: hint
            )
        }
        guard let limit, let samples else { return nil }
        return Ceiling(limit: limit, failures: failures, exposures: exposures, minimumSamples: samples)
    }

    private func query(_ fields: Fields<CheckKey>, shortestBake: Span?) -> Query? {
        let expression = fields.required(.query) { $0.expression(shortestBake: shortestBake) }
        let limit = fields.exactlyOne(of: .max, .min, hint: "make two checks of it")
        let bound = limit.flatMap { $0.value.bound(isUpper: $0.key == .max) }
        let consecutive = fields.optional(.consecutive, default: 1) { $0.count(atLeast: 1) }
        guard let expression, let bound, let consecutive else { return nil }
        return Query(expression: expression, bound: bound.bound, consecutive: consecutive, unit: bound.unit)
    }

    private func bound(isUpper: Bool) -> (bound: Bound, unit: QueryUnit)? {
        guard let (number, unit) = quantity() else { return nil }
        if isUpper, unit == .ratio, number >= 1 {
            let hint = "write a limit below '100%', or a bare number if the value may exceed 1"
            return fail("cannot-fail", "a share never exceeds 100 %", hint: hint)
        }
        if !isUpper, unit != .none, number <= 0 {
            let what = unit == .ratio ? "a share" : "a time"
            return fail("cannot-fail", "\(what) never falls below 0", hint: "write a limit above 0")
        }
        return (isUpper ? .max(number) : .min(number), unit)
    }
}
