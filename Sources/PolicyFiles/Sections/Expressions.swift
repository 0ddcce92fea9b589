import Rollout

extension Value {
    /// A selector of counters and nothing more: what the events of an interval are counted from.
    func counterSelector(on source: CheckedSource) -> String? {
        guard let text = promQL("a selector such as 'http_requests_total'") else { return nil }
        return isPlainSelector(text, on: source) ? text : nil
    }

    /// A selector that picks the series of one variant, whose name takes the place of `$variant`.
    ///
    /// - Parameters:
    ///   - source: What is asked.
    ///   - isNeeded: Whether the word must be there; where not, a selector without it picks the same series for both.
    /// - Returns: The selector as it was written, without blanks around it; nil when it was found wrong.
    func variantSelector(on source: CheckedSource, isNeeded: Bool = true) -> String? {
        let wanted = "a selector such as 'session_clients{variant=\"$variant\"}'"
        guard let text = text(wanted).map(Self.trimmed) else { return nil }
        // Within quotes the word can be read as it stands, and then it is what a hint repeats.
        let read = PromQL.variables(in: text).isEmpty ? text : Self.selector(text, of: "a")
        guard isPromQL(read), isPlainSelector(read, on: source) else { return nil }
        guard !isNeeded || Self.plainSelector(text, of: "a") != Self.plainSelector(text, of: "b") else {
            return fail(
                "missing-variant",
                "\(name) selects the same series for both variants",
                hint:
                    "write 'variant=\"$variant\"' among its labels: the name of each variant takes its place"
            )
        }
        return text
    }

    /// Whether it is a text with a place for a variant's name.
    var namesVariant: Bool {
        if case .text(let text, _) = content { text.contains(Split.variantWord) } else { false }
    }

    /// Refuses selectors within this value that are none once a variant's name stands in them.
    ///
    /// Out of quotes `new-ui` is a subtraction.
    func refuseNames(of variants: Variants) {
        switch content {
        case .list(let items): for item in items { item.refuseNames(of: variants) }
        case .mapping(let entries): for entry in entries { entry.value.refuseNames(of: variants) }
        case .text(let text, _) where namesVariant && Self.plainSelector(text) != nil:
            let names = [variants.treatment, variants.control]
            guard let name = names.first(where: { Self.plainSelector(text, of: $0) == nil }) else { return }
            findings.error(
                "not-a-selector",
                "with '\(name)' in the place of '\(Split.variantWord)' this is no plain selector",
                hint: "let '\(Split.variantWord)' be a label's value, in quotes",
                at: place
            )
        case .text, .empty, .broken: return
        }
    }

    /// What a selector picks for a variant of some name.
    static func plainSelector(_ text: String, of variant: String = "a") -> PromQLSelector? {
        PromQL.plainSelector(selector(text, of: variant))
    }

    private static func selector(_ text: String, of variant: String) -> String {
        text.split(separator: Split.variantWord, omittingEmptySubsequences: false).joined(separator: variant)
    }

    /// Whether a text picks series and does nothing more with them; notes why not.
    private func isPlainSelector(_ text: String, on source: CheckedSource) -> Bool {
        guard let selector = PromQL.plainSelector(text) else {
            let plain =
                PromQL.selectors(in: text).first.map { "write '\($0)'" }
                ?? "write a metric's name with its labels"
            let message = "\(name) must be a plain selector, but this is an expression"
            let hint = "\(plain): the events of each interval are counted from it"
            findings.error("not-a-selector", message, hint: hint, at: place)
            return false
        }
        guard selector.isParticular else {
            let _: String? = failAsEmpty(text)
            return false
        }
        if source == .pages, let unreadable = selector.matchers.first(where: { !$0.isReadableHere }) {
            let message = "\(name) has a regular expression that cannot be read: '\(unreadable.value)'"
            let hint = "on pages it is this program that reads it; write a simpler one"
            findings.error("bad-regex", message, hint: hint, at: place)
            return false
        }
        return true
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

    /// A text that may be PromQL, without the variable of comparisons and splits.
    private func promQL(_ wanted: String) -> String? {
        guard let text = text(wanted).map(Self.trimmed) else { return nil }
        guard !text.contains(Split.variantWord) else {
            return fail(
                "unknown-variable",
                "'\(Split.variantWord)' is not known here",
                hint: "write a variant's name, or hold both against each other with 'compare'"
            )
        }
        return isPromQL(text) ? text : nil
    }

    /// Whether a text can be parsed; notes why not.
    private func isPromQL(_ text: String) -> Bool {
        guard let problem = PromQL.problem(in: text) else { return true }
        let message = "\(name) is not PromQL: \(problem.message) (character \(problem.offset + 1))"
        findings.error("bad-promql", message, at: place)
        return false
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
