/// One word of a PromQL expression, with where it stands in the text.
struct PromQLToken {
    var kind: Kind
    /// Half open: from the first character to the one after the last.
    var range: Range<String.Index>
    var text: Substring

    enum Kind {
        /// A metric, label, function, aggregation or keyword.
        case name
        /// `5m`, `100`, `0x1f`, `1e-5`.
        case number
        /// Quoted, in any of the three ways.
        case string
        /// `$window`, without its dollar sign in ``variable``.
        case variable
        /// An operator, bracket, comma or colon.
        case mark
    }

    /// Whether this is that operator or bracket.
    func isMark(_ mark: String) -> Bool { kind == .mark && text == mark }

    /// The name of a variable without its `$`.
    var variable: Substring { text.dropFirst() }
}

/// Why a text is not PromQL, in words, and how many characters precede the place.
package struct PromQLProblem: Error, Sendable, Equatable {
    package var message: String
    package var offset: Int
}
