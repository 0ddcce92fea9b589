/// What an expression reads: its selectors, and how far back they reach.
///
/// One walk over the tokens that only knows whether an operand or an operator comes next; enough to tell a metric
/// from a keyword, and far from a parser.
struct PromQLOutline {
    /// In order of appearance, each a stretch of tokens.
    private(set) var selectors: [Range<Int>] = []
    /// The longest way back any operand reaches; nil when none has a range or an offset.
    private(set) var reach: Span?
    /// Names of variables used outside strings, such as `window`.
    private(set) var variables: [String] = []
    /// Whether some operand is pinned to a moment with `@`, other than `@ start()` and `@ end()`.
    private(set) var isPinned = false
    /// Whether a comparison of the outermost level drops what does not pass it, instead of giving 0 or 1.
    private(set) var filters = false

    private let tokens: [PromQLToken]
    private var position = 0
    /// An operand was just read, so an operator is due.
    private var afterOperand = false
    /// For every open parenthesis, outermost first.
    private var levels = [Level()]

    private struct Level {
        /// The farthest of the operands that are complete.
        var farthest = Span.zero
        /// The operand being read.
        var current = Span.zero
        var total: Span { max(farthest, current) }
    }

    init(_ tokens: [PromQLToken]) {
        self.tokens = tokens
        while position < tokens.count { readNext() }
    }

    private mutating func readNext() {
        let token = tokens[position]
        switch token.kind {
        case .name where afterOperand: readKeyword(token.text)
        case .name: readName(token.text)
        case .variable:
            variables.append(String(token.variable))
            finishOperand()
        case .number, .string: finishOperand()
        case .mark: readMark(token)
        }
    }

    private mutating func readMark(_ token: PromQLToken) {
        switch token.text {
        case "(":
            position += 1
            levels.append(Level())
            afterOperand = false
        case ")":
            position += 1
            closeLevel()
        case "{" where !afterOperand: readSelector()
        case "[": readRange()
        case "@": readPin()
        default: readOperator(token)
        }
    }

    private mutating func readOperator(_ token: PromQLToken) {
        let isComparison = ["==", "!=", "<", ">", "<=", ">="].contains(token.text)
        position += 1
        let isBool = position < tokens.count && tokens[position].text == "bool"
        if isBool { position += 1 }
        if isComparison, !isBool, levels.count == 1 { filters = true }
        startOperand()
    }

    /// A name where an operator is due: a set operator, `offset`, or a label list behind an aggregation.
    private mutating func readKeyword(_ name: Substring) {
        position += 1
        switch name.lowercased() {
        case "offset": readOffset()
        case "by", "without": skipLabels()
        case "and", "or", "unless", "atan2": startOperand()
        default: break
        }
    }

    /// A name where an operand is due: a metric, or the beginning of a call.
    private mutating func readName(_ name: Substring) {
        let isCall = mark(at: position + 1) == "("
        switch name.lowercased() {
        case "on", "ignoring", "group_left", "group_right":
            position += 1
            skipLabels()
        case "by" where isCall, "without" where isCall:
            position += 1
            skipLabels()
        case "inf" where mark(at: position + 1) != "{", "nan" where mark(at: position + 1) != "{":
            finishOperand()
        case _ where isCall || isGroupedAggregation: position += 1
        default: readSelector()
        }
    }

    /// `sum by (…)`: the aggregation's name stands before its labels, not before its operand.
    private var isGroupedAggregation: Bool {
        guard position + 1 < tokens.count, tokens[position + 1].kind == .name else { return false }
        return ["by", "without"].contains(tokens[position + 1].text.lowercased())
    }

    private mutating func readSelector() {
        let start = position
        if tokens[position].kind == .name { position += 1 }
        if mark(at: position) == "{" {
            while mark(at: position) != "}" { position += 1 }
            position += 1
        }
        selectors.append(start..<position)
        afterOperand = true
    }

    /// `[5m]`, or a subquery's `[1h:1m]`, of which only the first part reaches back.
    private mutating func readRange() {
        position += 1
        var parts: [PromQLToken] = []
        while let token = tokenHere, !token.isMark("]") {
            parts.append(token)
            position += 1
        }
        position += 1
        variables += parts.filter { $0.kind == .variable }.map { String($0.variable) }
        if let first = parts.first, let span = first.span { extend(by: span) }
        afterOperand = true
    }

    private mutating func readOffset() {
        let isNegative = mark(at: position) == "-"
        if isNegative { position += 1 }
        guard let token = tokenHere else { return }
        if token.kind == .variable { variables.append(String(token.variable)) }
        guard token.kind == .number || token.kind == .variable else { return }
        position += 1
        // An offset that looks ahead reaches back no further.
        if let span = token.span, !isNegative { extend(by: span) }
    }

    private mutating func readPin() {
        position += 1
        if mark(at: position) == "-" || mark(at: position) == "+" { position += 1 }
        guard let token = tokenHere else { return }
        if token.kind == .number { isPinned = true }
        position += token.kind == .name ? 3 : 1
        afterOperand = true
    }

    private mutating func skipLabels() {
        guard mark(at: position) == "(" else { return }
        while position < tokens.count, mark(at: position) != ")" { position += 1 }
        position += 1
    }

    private mutating func finishOperand() {
        position += 1
        afterOperand = true
    }

    private mutating func startOperand() {
        levels[levels.count - 1].farthest = levels[levels.count - 1].total
        levels[levels.count - 1].current = .zero
        afterOperand = false
    }

    private mutating func closeLevel() {
        guard levels.count > 1, let inner = levels.popLast() else { return }
        levels[levels.count - 1].current = inner.total
        afterOperand = true
    }

    private mutating func extend(by span: Span) {
        levels[levels.count - 1].current += span
        reach = max(reach ?? .zero, levels[levels.count - 1].current)
    }

    private var tokenHere: PromQLToken? { position < tokens.count ? tokens[position] : nil }

    private func mark(at position: Int) -> Substring? {
        position < tokens.count && tokens[position].kind == .mark ? tokens[position].text : nil
    }
}

extension PromQLToken {
    /// A duration, or a bare number of seconds; nil for a variable, whose length is not known here.
    fileprivate var span: Span? {
        guard kind == .number else { return nil }
        if let span = Span(text: text) { return span }
        guard let seconds = Double(text), seconds.isFinite, seconds >= 0, seconds < 1e12 else { return nil }
        return Span(milliseconds: Int64((seconds * 1_000).rounded()))
    }
}
