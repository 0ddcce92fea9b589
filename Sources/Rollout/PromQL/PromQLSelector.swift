/// A plain vector selector: a metric's name, label matchers, or both.
package struct PromQLSelector: Sendable, Equatable {
    package var metric: String?
    /// Sorted, so that two selectors with the same meaning are equal.
    package var matchers: [Matcher]

    /// One `label op "value"`.
    package struct Matcher: Sendable, Hashable {
        package var label: String
        package var comparison: String
        /// Without quotes, escape sequences replaced.
        package var value: String
    }

    /// Whether something is asked for: a metric, or a label that series may well lack.
    ///
    /// `{}`, `{a=~".*"}`, `{a=""}` and `{__name__=~".+"}` select whatever there is.
    package var isParticular: Bool { metric != nil || matchers.contains(where: \.isParticular) }
}

extension PromQLSelector {
    /// Reads the tokens of one selector; nil when they are none.
    init?(_ tokens: ArraySlice<PromQLToken>) {
        var rest = tokens
        metric = rest.first.flatMap { $0.kind == .name ? String($0.text) : nil }
        matchers = []
        if metric != nil { rest = rest.dropFirst() }
        guard !rest.isEmpty else {
            guard metric != nil else { return nil }
            return
        }
        guard rest.first?.isMark("{") == true, rest.last?.isMark("}") == true else { return nil }
        for part in rest.dropFirst().dropLast().split(whereSeparator: { $0.isMark(",") }) {
            let words = Array(part)
            if words.count == 1, words[0].kind == .string, metric == nil {
                // Newer servers take a metric's name in quotes among the matchers.
                metric = words[0].unquoted
            } else if words.count == 3, let matcher = Matcher(words[0], words[1], words[2]) {
                matchers.append(matcher)
            } else {
                return nil
            }
        }
        matchers.sort { ($0.label, $0.comparison, $0.value) < ($1.label, $1.comparison, $1.value) }
    }
}

extension PromQLSelector.Matcher {
    fileprivate init?(_ label: PromQLToken, _ comparison: PromQLToken, _ value: PromQLToken) {
        guard
            label.kind == .name || label.kind == .string, value.kind == .string,
            ["=", "!=", "=~", "!~"].contains(comparison.text)
        else { return nil }
        self.label = label.kind == .string ? label.unquoted : String(label.text)
        self.comparison = String(comparison.text)
        self.value = value.unquoted
    }

    /// Whether series without this label are left out.
    fileprivate var isParticular: Bool {
        switch comparison {
        case "=": !value.isEmpty
        case "!=": value.isEmpty && label != "__name__"
        case "=~": !Self.matchesEmptyText(value) && !(label == "__name__" && value == ".+")
        default: Self.matchesEmptyText(value) && label != "__name__"
        }
    }

    /// Whether a regular expression matches the empty text; right for what people write, not for all there is.
    private static func matchesEmptyText(_ pattern: String) -> Bool {
        var bare = Substring(pattern)
        if bare.hasPrefix("^") { bare = bare.dropFirst() }
        if bare.hasSuffix("$") { bare = bare.dropLast() }
        if bare.hasPrefix("("), bare.hasSuffix(")") { bare = bare.dropFirst().dropLast() }
        return bare.split(separator: "|", omittingEmptySubsequences: false)
            .contains { ["", ".*", ".*?", ".?"].contains($0) }
    }
}

extension PromQLToken {
    /// A string's value: quotes taken off and, except between backquotes, escape sequences replaced.
    var unquoted: String {
        let inner = text.dropFirst().dropLast()
        guard !text.hasPrefix("`"), inner.contains("\\") else { return String(inner) }
        var value = ""
        var rest = inner
        while let character = rest.popFirst() {
            guard character == "\\", let escaped = rest.popFirst() else {
                value.append(character)
                continue
            }
            value.append(Self.escapes[escaped] ?? escaped)
        }
        return value
    }

    private static let escapes: [Character: Character] = ["n": "\n", "t": "\t", "r": "\r"]
}
