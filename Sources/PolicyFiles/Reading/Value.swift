/// One value of the document: what it holds, where it stands and what to call it.
struct Value {
    var content: Content
    var place: Place
    /// The way to it from the top: `steps[1].bake`; empty for the document itself.
    var path: String
    let findings: Findings

    indirect enum Content {
        /// Nothing after the colon, `~` or `null`.
        case empty
        /// A scalar after `${NAME}` was replaced; `isQuoted` tells `"5"` from `5`.
        case text(String, isQuoted: Bool)
        case list([Value])
        case mapping([Entry])
        /// Could not be read; said so already.
        case broken
    }

    /// A key and its value.
    struct Entry {
        var key: String
        var place: Place
        var value: Value
    }
}

extension Value {
    /// Notes an error at this value and returns nil, so that readers can `return fail(…)`.
    func fail<Result>(_ code: String, _ message: String, hint: String? = nil) -> Result? {
        findings.error(code, message, hint: hint, at: place)
        return nil
    }

    func warn(_ code: String, _ message: String, hint: String? = nil) {
        findings.warning(code, message, hint: hint, at: place)
    }

    /// What to call the value in a sentence.
    var name: String { path.isEmpty ? "the policy" : "'\(path)'" }

    /// What it holds, for "but it is …".
    var kind: String {
        switch content {
        case .empty, .broken: "empty"
        case .text: "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension Value {
    /// The scalar's text, without a judgement about what it means; an empty value is an error.
    func text(_ wanted: String = "a text") -> String? {
        switch content {
        case .text(let text, _) where !text.allSatisfy(\.isWhitespace): text
        case .text, .empty: fail("empty-value", "\(name) is empty", hint: "write \(wanted)")
        case .list, .mapping: fail("wrong-kind", "\(name) must be \(wanted), but it is \(kind)")
        case .broken: nil
        }
    }

    /// The items of a list with at least one.
    func items(_ wanted: String) -> [Value]? {
        switch content {
        case .list(let items) where !items.isEmpty: items
        case .list, .empty: fail("empty-list", "\(name) is empty", hint: "write at least one \(wanted)")
        case .text, .mapping:
            fail(
                "wrong-kind",
                "\(name) must be a list, but it is \(kind)",
                hint: "begin every \(wanted) with '- '"
            )
        case .broken: nil
        }
    }

    /// `true` or `false`, written so.
    func flag() -> Bool? {
        guard let text = text("'true' or 'false'") else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: return fail("not-a-boolean", "'\(text)' is neither 'true' nor 'false'")
        }
    }

    /// What stands under a key of a mapping, whatever else is wrong with it.
    func value(under key: some SectionKey) -> Value? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key.rawValue }?.value
    }

    /// The items of a list; none of anything else.
    var items: [Value] {
        guard case .list(let items) = content else { return [] }
        return items
    }

    /// A text that is one of an enumeration's words, with the nearest one suggested otherwise.
    func oneOf<Choice: CaseIterable & RawRepresentable<String>>(
        _ type: Choice.Type,
        later: [String] = []
    ) -> Choice? {
        let words = Choice.allCases.map(\.rawValue)
        let wanted = words.map { "'\($0)'" }.joined(separator: " or ")
        guard let text = text(wanted) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        if later.contains(text) { return notSupported(text) }
        let hint = Suggestion.nearest(to: text, among: words).map { "did you mean '\($0)'?" }
        return fail("unknown-word", "\(name) cannot be '\(text)'", hint: hint ?? "write \(wanted)")
    }

    /// Refuses a word that a later version of the program will know.
    func notSupported<Result>(_ word: String) -> Result? {
        fail("not-supported", "'\(word)' is not supported by this version")
    }
}
