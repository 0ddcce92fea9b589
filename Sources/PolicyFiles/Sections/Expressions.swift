import Rollout

extension Value {
    /// A selector of counters and nothing more: what the events of an interval are counted from.
    func counterSelector(on source: CheckedSource) -> String? {
        guard let text = promQL("a selector such as 'http_requests_total'") else { return nil }
        guard let selector = PromQL.plainSelector(text) else {
            let plain =
                PromQL.selectors(in: text).first.map { "write '\($0)'" }
                ?? "write a metric's name with its labels"
            let message = "\(name) must be a plain selector, but this is an expression"
            return fail(
                "not-a-selector",
                message,
                hint: "\(plain): the events of each interval are counted from it"
            )
        }
        guard selector.isParticular else { return failAsEmpty(text) }
        if source == .pages, let unreadable = selector.matchers.first(where: { !$0.isReadableHere }) {
            return fail(
                "bad-regex",
                "\(name) has a regular expression that cannot be read: '\(unreadable.value)'",
                hint: "on pages it is this program that reads it; write a simpler one"
            )
        }
        return text
    }

    /// A PromQL expression that reads something, and nothing from before the step.
    func expression(shortestBake: Span?) -> String? {
        guard let text = promQL("a PromQL expression") else { return nil }
        let selectors = PromQL.selectors(in: text)
        guard !selectors.isEmpty else {
            let message = "the expression reads no metric, so that its value says nothing about the rollout"
            return fail("cannot-fail", message, hint: "name a metric")
        }
        if let empty = selectors.first(where: { PromQL.plainSelector($0)?.isParticular == false }) {
            return failAsEmpty(empty)
        }
        if let other = PromQL.variables(in: text).first(where: { $0 != "window" }) {
            return fail(
                "unknown-variable",
                "'$\(other)' is not known here",
                hint: "the only variable is '$window'"
            )
        }
        guard !PromQL.isPinned(text) else {
            let message = "'@' pins the expression to one moment: its value never changes"
            return fail(
                "pinned",
                message,
                hint: "leave '@' out; every query is asked at a moment of the controller's choice"
            )
        }
        if let shortestBake, let reach = PromQL.longestRange(in: text), reach > shortestBake {
            let message = "the expression looks \(reach) back, but the shortest step bakes \(shortestBake)"
            let hint =
                "it would judge the time before the step: use '[$window]', or at most '[\(shortestBake)]'"
            return fail("range-longer-than-bake", message, hint: hint)
        }
        guard !reachesBeyondTheWindow(text) else {
            let message =
                "'$window' reaches back to the beginning of the step, and this expression looks further"
            return fail(
                "range-longer-than-bake",
                message,
                hint: "leave out the offset, or the range around '$window'"
            )
        }
        warnOfSilence(text)
        return text
    }

    /// Whether an offset or a subquery is added to a range of `$window`.
    private func reachesBeyondTheWindow(_ text: String) -> Bool {
        // Longer than any other range that is let through, so that the farthest operand is one with the window.
        let window = Span.hours(100 * 365 * 24)
        let filled = text.split(separator: "$window", omittingEmptySubsequences: false).joined(
            separator: "\(window)"
        )
        return PromQL.longestRange(in: filled).map { $0 > window } ?? false
    }

    /// A text that may be PromQL, without the variable of comparisons.
    private func promQL(_ wanted: String) -> String? {
        guard let text = text(wanted).map(Self.trimmed) else { return nil }
        guard !text.contains("$variant") else { return notSupported("$variant") }
        if let problem = PromQL.problem(in: text) {
            return fail(
                "bad-promql",
                "\(name) is not PromQL: \(problem.message) (character \(problem.offset + 1))"
            )
        }
        return text
    }

    /// The blanks that YAML's block texts bring along mean nothing.
    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }

    private func failAsEmpty(_ selector: String) -> String? {
        let hint = "name a metric, or a label that it must have"
        return fail("empty-selector", "'\(selector)' selects every series there is", hint: hint)
    }

    /// Expressions that are allowed, but hide that they have nothing to say.
    private func warnOfSilence(_ text: String) {
        if PromQL.filters(text) {
            let message =
                "the comparison drops values that do not pass it, and an empty answer counts as blind"
            warn("filtering-comparison", message, hint: "leave the limit to 'max' or 'min'")
        }
        if text.filter({ !$0.isWhitespace }).hasSuffix("orvector(0)") {
            let message = "'or vector(0)' turns missing metrics into a healthy 0"
            warn("masks-missing-metrics", message, hint: "leave it out: missing metrics are judged as such")
        }
    }
}

extension PromQLSelector.Matcher {
    /// Whether this program can match series by it, without a server.
    fileprivate var isReadableHere: Bool {
        comparison == "=" || comparison == "!=" || (try? Regex(value)) != nil
    }
}
