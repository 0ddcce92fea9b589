/// Cuts a PromQL expression into tokens; comments and blanks are dropped.
struct PromQLScanner {
    private let source: String
    private var index: String.Index
    private var tokens: [PromQLToken] = []
    /// The brackets open at this point, innermost last.
    private var open: [(bracket: Character, at: String.Index)] = []

    private init(_ source: String) {
        self.source = source
        self.index = source.startIndex
    }

    /// The tokens of an expression whose strings are closed and whose brackets match.
    static func tokens(of source: String) throws(PromQLProblem) -> [PromQLToken] {
        var scanner = PromQLScanner(source)
        while let character = scanner.next { try scanner.scan(character) }
        if let left = scanner.open.last {
            throw scanner.problem("'\(left.bracket)' is never closed", at: left.at)
        }
        return scanner.tokens
    }

    private var next: Character? { index < source.endIndex ? source[index] : nil }

    private var following: Character? {
        let after = next == nil ? index : source.index(after: index)
        return after < source.endIndex ? source[after] : nil
    }

    private mutating func scan(_ character: Character) throws(PromQLProblem) {
        switch character {
        case _ where character.isWhitespace: advance()
        case "#": advance { !$0.isNewline }
        case "\"", "'": try scanQuoted(by: character)
        case "`": try scanRaw()
        case "$": try scanVariable()
        case "0"..."9": scanNumber()
        case "." where following?.isDecimalDigit == true: scanNumber()
        // Inside `[1h:1m]` the colon parts two durations; elsewhere it belongs to a recording rule's name.
        case ":" where open.last?.bracket == "[": take(.mark) { $0.advance() }
        case _ where character.startsName: take(.name) { $0.advance { $0.continuesName } }
        case "(", "[", "{": scanOpening(character)
        case ")", "]", "}": try scanClosing(character)
        case "=", "!", "<", ">": scanComparison()
        case ",", "+", "-", "*", "/", "%", "^", "@": take(.mark) { $0.advance() }
        default: throw problem("'\(character)' has no meaning here", at: index)
        }
    }

    private mutating func scanQuoted(by quote: Character) throws(PromQLProblem) {
        let start = index
        advance()
        while let character = next, character != quote, !character.isNewline {
            advance()
            if character == "\\", next != nil { advance() }
        }
        guard next == quote else { throw problem("a string is never closed", at: start) }
        advance()
        append(.string, from: start)
    }

    private mutating func scanRaw() throws(PromQLProblem) {
        let start = index
        advance()
        advance { $0 != "`" }
        guard next != nil else { throw problem("a string is never closed", at: start) }
        advance()
        append(.string, from: start)
    }

    private mutating func scanVariable() throws(PromQLProblem) {
        let start = index
        advance()
        advance { $0.continuesName && $0 != ":" }
        guard source.distance(from: start, to: index) > 1 else {
            throw problem("'$' has no name after it", at: start)
        }
        append(.variable, from: start)
    }

    private mutating func scanNumber() {
        let start = index
        let isHexadecimal = next == "0" && (following == "x" || following == "X")
        while let character = next,
            character.isDecimalDigit || character.startsName && character != ":" || character == "."
        {
            advance()
            let isExponent = !isHexadecimal && (character == "e" || character == "E")
            if isExponent, next == "+" || next == "-" { advance() }
        }
        append(.number, from: start)
    }

    private mutating func scanComparison() {
        take(.mark) { scanner in
            let first = scanner.next
            scanner.advance()
            if scanner.next == "=" || scanner.next == "~" && (first == "=" || first == "!") {
                scanner.advance()
            }
        }
    }

    private mutating func scanOpening(_ bracket: Character) {
        open.append((bracket, index))
        take(.mark) { $0.advance() }
    }

    private mutating func scanClosing(_ bracket: Character) throws(PromQLProblem) {
        let pairs: [Character: Character] = [")": "(", "]": "[", "}": "{"]
        guard let last = open.popLast(), last.bracket == pairs[bracket] else {
            throw problem("'\(bracket)' closes nothing", at: index)
        }
        take(.mark) { $0.advance() }
    }

    private mutating func take(_ kind: PromQLToken.Kind, _ move: (inout PromQLScanner) -> Void) {
        let start = index
        move(&self)
        append(kind, from: start)
    }

    private mutating func append(_ kind: PromQLToken.Kind, from start: String.Index) {
        tokens.append(PromQLToken(kind: kind, range: start..<index, text: source[start..<index]))
    }

    private mutating func advance() { index = source.index(after: index) }

    private mutating func advance(while condition: (Character) -> Bool) {
        while let character = next, condition(character) { advance() }
    }

    private func problem(_ message: String, at place: String.Index) -> PromQLProblem {
        PromQLProblem(message: message, offset: source.distance(from: source.startIndex, to: place))
    }
}

extension Character {
    fileprivate var isDecimalDigit: Bool { "0" <= self && self <= "9" }
    fileprivate var startsName: Bool { self == "_" || self == ":" || isASCII && isLetter }
    fileprivate var continuesName: Bool { startsName || isDecimalDigit }
}
