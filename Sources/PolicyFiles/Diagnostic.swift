/// Something a person should know about a policy file, with its place and what to write instead.
package struct Diagnostic: Sendable, Equatable, Encodable {
    package var severity: Severity
    /// As it was given on the command line.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    /// Kebab case, never reworded: `unknown-key`.
    package var code: String
    package var message: String
    package var hint: String?

    package init(
        severity: Severity,
        file: String,
        line: Int,
        column: Int,
        code: String,
        message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Whether the policy can be used all the same.
    package enum Severity: String, Sendable, Equatable, Encodable {
        case error
        case warning
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `path:line:column: error: message`, and `hint: …` on a line of its own.
    package var description: String {
        let first = "\(file):\(line):\(column): \(severity.rawValue): \(message)"
        return hint.map { "\(first)\nhint: \($0)" } ?? first
    }
}

/// Everything found in one policy file, in the order of the file; at least one error.
package struct PolicyDiagnostics: Error, Sendable, Equatable {
    package var all: [Diagnostic]

    package init(all: [Diagnostic]) {
        self.all = all
    }
}

extension PolicyDiagnostics: CustomStringConvertible {
    package var description: String { all.map(\.description).joined(separator: "\n") }
}
