/// Answers simple questions about PromQL expressions; whether an expression is right is for the server to say.
package enum PromQL {
    /// Why a text cannot be PromQL: an open string or bracket, or a character without meaning.
    ///
    /// Nil when it may be PromQL.
    package static func problem(in expression: String) -> PromQLProblem? {
        do {
            _ = try PromQLScanner.tokens(of: expression)
            return nil
        } catch {
            return error
        }
    }

    /// The vector selectors of an expression as they are written there, without ranges and offsets.
    ///
    /// In order of appearance, each once. Empty for a text with a ``problem(in:)``.
    package static func selectors(in expression: String) -> [String] {
        guard let tokens = try? PromQLScanner.tokens(of: expression) else { return [] }
        var seen: Set<String> = []
        return PromQLOutline(tokens).selectors
            .map { stretch in text(of: tokens[stretch], in: expression) }
            .filter { seen.insert($0).inserted }
    }

    /// How far back an expression reaches: range and offset together, and the ranges of subqueries on top.
    ///
    /// `$window` counts as nothing, because it is fitted to the time that may be judged, and so does an offset
    /// that looks ahead. Nil when no operand has a range or an offset of known length.
    package static func longestRange(in expression: String) -> Span? {
        outline(of: expression)?.reach
    }

    /// The names of the `$variables` outside strings, in order of appearance, without their dollar sign.
    package static func variables(in expression: String) -> [String] {
        outline(of: expression)?.variables ?? []
    }

    /// Whether an operand is pinned to a fixed moment with `@`: it gives the same answer for ever.
    package static func isPinned(_ expression: String) -> Bool {
        outline(of: expression)?.isPinned ?? false
    }

    /// Whether the outermost operation is a comparison that drops values instead of giving 0 or 1.
    package static func filters(_ expression: String) -> Bool {
        outline(of: expression)?.filters ?? false
    }

    /// The expression as one plain selector; nil when it is anything more or anything else.
    package static func plainSelector(_ expression: String) -> PromQLSelector? {
        guard
            let tokens = try? PromQLScanner.tokens(of: expression),
            PromQLOutline(tokens).selectors == [0..<tokens.count]
        else { return nil }
        return PromQLSelector(tokens[...])
    }

    private static func outline(of expression: String) -> PromQLOutline? {
        (try? PromQLScanner.tokens(of: expression)).map(PromQLOutline.init)
    }

    private static func text(of tokens: ArraySlice<PromQLToken>, in expression: String) -> String {
        guard let first = tokens.first, let last = tokens.last else { return "" }
        return String(expression[first.range.lowerBound..<last.range.upperBound])
    }
}
