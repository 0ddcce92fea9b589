/// A plain series selector, as in `http_requests_total{status=~"5.."}`.
struct Selector: Sendable, Equatable {
    var matchers: [Matcher]

    struct Matcher: Sendable, Equatable {
        var label: String
        var relation: Relation
        var value: String
    }

    enum Relation: Sendable, Equatable {
        case equals
        case differs
        case matches
        case matchesNot
    }

    /// Reads a selector; nil for anything more, such as a range, a function or an operator, and for bad regexes.
    init?(text: String) {
        var scanner = TextScanner(text)
        matchers = []
        scanner.skipBlanks()
        if let name = scanner.takeName() {
            matchers.append(Matcher(label: "__name__", relation: .equals, value: name))
        }
        scanner.skipBlanks()
        if scanner.take("{") {
            guard scanMatchers(&scanner) else { return nil }
        }
        scanner.skipBlanks()
        let selectsSomething =
            matchers.contains { $0.relation == .equals && !$0.value.isEmpty }
            || matchers.contains { $0.relation == .matches && !$0.holds(for: "") }
        guard scanner.isAtEnd, selectsSomething else { return nil }
    }

    /// Whether a series is selected; a label it lacks counts as empty.
    func selects(_ labels: Labels) -> Bool { prepared()(labels) }

    /// The same question to be asked of many series: regular expressions are read once.
    func prepared() -> (Labels) -> Bool {
        let tests = matchers.map { (label: $0.label, holds: $0.prepared()) }
        return { labels in tests.allSatisfy { $0.holds(labels[$0.label] ?? "") } }
    }

    private mutating func scanMatchers(_ scanner: inout TextScanner) -> Bool {
        while true {
            scanner.skipBlanks()
            if scanner.take("}") { return true }
            guard let label = scanner.takeName() else { return false }
            scanner.skipBlanks()
            guard let relation = Self.relation(&scanner) else { return false }
            scanner.skipBlanks()
            guard let value = scanner.takeQuoted("\"'`") else { return false }
            let matcher = Matcher(label: label, relation: relation, value: value)
            guard matcher.isValid else { return false }
            matchers.append(matcher)
            scanner.skipBlanks()
            guard scanner.take(",") || scanner.next == UInt8(ascii: "}") else { return false }
        }
    }

    private static func relation(_ scanner: inout TextScanner) -> Relation? {
        if scanner.take("=~") { return .matches }
        if scanner.take("!~") { return .matchesNot }
        if scanner.take("!=") { return .differs }
        return scanner.take("=") ? .equals : nil
    }
}

extension Selector.Matcher {
    /// Whether a label's value satisfies the matcher; a regular expression must match all of it.
    func holds(for labelValue: String) -> Bool { prepared()(labelValue) }

    fileprivate func prepared() -> (String) -> Bool {
        switch relation {
        case .equals: return { $0.utf8.elementsEqual(value.utf8) }
        case .differs: return { !$0.utf8.elementsEqual(value.utf8) }
        case .matches, .matchesNot:
            let wanted = relation == .matches
            // Nothing matches an expression that cannot be read; a selector never has one.
            guard let regex = try? Regex(value) else { return { _ in !wanted } }
            return { ((try? regex.wholeMatch(in: $0)) != nil) == wanted }
        }
    }

    /// False for a regular expression that cannot be read.
    fileprivate var isValid: Bool {
        switch relation {
        case .equals, .differs: true
        case .matches, .matchesNot: (try? Regex(value)) != nil
        }
    }
}
