import PolicyFiles

/// A line that makes GitHub's job runner mark a place in a file.
///
/// [The format](https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions).
struct WorkflowCommand: Sendable, Equatable, CustomStringConvertible {
    var diagnostic: Diagnostic

    /// Whether this process runs in such a job.
    static func isUnderstood(in environment: [String: String]) -> Bool {
        environment["GITHUB_ACTIONS"] == "true"
    }

    var description: String {
        let place = [
            "file=\(Self.property(diagnostic.file))", "line=\(diagnostic.line)", "col=\(diagnostic.column)",
            "title=\(Self.property(diagnostic.code))",
        ]
        let message = [diagnostic.message, diagnostic.hint.map { "hint: \($0)" }].compactMap(\.self)
        return "::\(diagnostic.severity.rawValue) \(place.joined(separator: ","))"
            + "::\(Self.data(message.joined(separator: "\n")))"
    }

    /// Whatever a policy says stays one line: the next could be a command of its own.
    private static func data(_ text: String) -> String {
        escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A", "\r\n": "%0D%0A"])
    }

    private static func property(_ text: String) -> String {
        escaped(data(text), [":": "%3A", ",": "%2C"])
    }

    private static func escaped(_ text: String, _ codes: [Character: String]) -> String {
        text.map { codes[$0] ?? String($0) }.joined()
    }
}
