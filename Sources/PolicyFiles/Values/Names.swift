extension Value {
    /// A name that survives in file names, environment variables, labels and URLs.
    ///
    /// ASCII letters, digits, `-`, `_` and `.`, a letter first, at most 100 characters. Other letters are refused
    /// because equal looking ones differ between languages, and a client's bucket depends on every byte.
    func identifier() -> String? {
        guard let text = text("a name such as 'new-checkout'") else { return nil }
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard isPlain, text.first?.isLetter == true else {
            let hint = "use ASCII letters, digits, '-', '_' and '.', with a letter first"
            return fail("bad-name", "'\(text)' cannot be a name", hint: hint)
        }
        guard text.utf8.count <= 100 else { return fail("bad-name", "a name has at most 100 characters") }
        return text
    }

    /// A text of one line, without control characters.
    func line(_ wanted: String = "a text") -> String? {
        guard let text = text(wanted) else { return nil }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            return fail("control-character", "\(name) contains a line break or another control character")
        }
        return text
    }

    /// The name of a variable of the environment.
    ///
    /// What is written is never repeated: it may be the secret itself.
    func variableName() -> String? {
        guard let text = text("the name of a variable") else { return nil }
        guard Expansion.isName(text) else {
            let hint = "write the variable's name only, without '${' and '}'"
            return fail(
                "bad-variable",
                "\(name) must be the name of a variable of the environment",
                hint: hint
            )
        }
        return text
    }
}
