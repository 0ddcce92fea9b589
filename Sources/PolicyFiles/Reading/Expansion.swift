/// Replaces `${NAME}` by a value of the environment, after the YAML was read: no value can add a key or a line.
///
/// `${NAME:-default}` gives the default where the variable is unset or empty. `$${` stands for `${` itself. Any
/// other dollar sign is left alone: `$window`, `$1`, and the `$` at the end of a pattern.
struct Expansion {
    private let environment: [String: String]

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// What is wrong with a `${…}`.
    struct Problem: Error {
        var code: String
        var message: String
        var hint: String?
    }

    func expanded(_ text: String) throws(Problem) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                result += try value(of: rest.dropFirst(2))
                rest = rest.drop { $0 != "}" }.dropFirst()
            } else {
                result.append("$")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    /// The value of the variable whose name begins here, up to a closing brace.
    private func value(of rest: Substring) throws(Problem) -> String {
        guard let end = rest.firstIndex(of: "}") else {
            throw Problem(
                code: "bad-variable",
                message: "'${' is never closed",
                hint: "write '$${' for '${' itself"
            )
        }
        let name = rest[..<end].prefix { $0 != ":" }
        let tail = rest[..<end].dropFirst(name.count)
        guard Self.isName(name), tail.isEmpty || tail.hasPrefix(":-") else {
            let message = "'${\(rest[..<end])}' is not '${NAME}' or '${NAME:-default}'"
            throw Problem(code: "bad-variable", message: message, hint: "write '$${' for '${' itself")
        }
        let value = environment[String(name)]
        if !tail.isEmpty { return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(tail.dropFirst(2)) }
        guard let value else { throw unset(name) }
        return value
    }

    private func unset(_ name: Substring) -> Problem {
        let hint =
            ["window", "variant"].contains(name)
            ? "did you mean '$\(name)', without braces?"
            : "set it where the command runs, or give a default: '${\(name):-default}'"
        return Problem(code: "unset-variable", message: "the environment has no '\(name)'", hint: hint)
    }

    /// Whether a text can name a variable of the environment.
    static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
