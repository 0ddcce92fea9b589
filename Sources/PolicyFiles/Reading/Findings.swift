/// A place in the file, both from 1.
struct Place: Hashable, Comparable {
    var line: Int
    var column: Int

    static let top = Place(line: 1, column: 1)

    /// The next place in the same line.
    var next: Place { Place(line: line, column: column + 1) }

    static func < (earlier: Place, later: Place) -> Bool {
        (earlier.line, earlier.column) < (later.line, later.column)
    }
}

/// The notebook that all readers of one file write into, so that a person sees every mistake at once.
///
/// A class because it is shared for the length of one reading; it never leaves it.
final class Findings {
    private let file: String
    private var found: [Diagnostic] = []

    init(file: String) {
        self.file = file
    }

    var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// In the order of the file; what was found at one place stays in the order it was found.
    var sorted: [Diagnostic] {
        found.enumerated()
            .sorted { one, other in
                (one.element.line, one.element.column, one.offset)
                    < (other.element.line, other.element.column, other.offset)
            }
            .map(\.element)
    }

    func error(_ code: String, _ message: String, hint: String? = nil, at place: Place) {
        note(.error, code, message, hint, place)
    }

    func warning(_ code: String, _ message: String, hint: String? = nil, at place: Place) {
        note(.warning, code, message, hint, place)
    }

    private func note(
        _ severity: Diagnostic.Severity,
        _ code: String,
        _ message: String,
        _ hint: String?,
        _ place: Place
    ) {
        let diagnostic = Diagnostic(
            severity: severity,
            file: file,
            line: place.line,
            column: place.column,
            code: code,
            message: message,
            hint: hint
        )
        if !found.contains(diagnostic) { found.append(diagnostic) }
    }
}
