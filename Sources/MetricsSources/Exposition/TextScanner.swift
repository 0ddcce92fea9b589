/// Reads a line of text byte by byte, from left to right.
struct TextScanner {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }
    init(_ text: String) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }
    var next: UInt8? { rest.first }

    mutating func skipBlanks() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 0x0a || $0 == 0x0d }
    }

    /// Whether `symbol` came next; it is taken then.
    mutating func take(_ symbol: StaticString) -> Bool {
        let bytes = UnsafeBufferPointer(start: symbol.utf8Start, count: symbol.utf8CodeUnitCount)
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    /// The name of a metric or label; nil when none comes next.
    mutating func takeName() -> String? {
        guard let first = rest.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return nil
        }
        let name = rest.prefix(while: Self.isNameByte)
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
    }

    /// Everything up to the next blank; nil when nothing comes before it.
    mutating func takeWord() -> String? {
        let word = rest.prefix { $0 > 0x20 }
        rest = rest.dropFirst(word.count)
        return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
    }

    /// A text between quotes, its escapes resolved; nil when there is none or it does not end.
    ///
    /// `quotes` are the quote characters allowed.
    mutating func takeQuoted(_ quotes: StaticString) -> String? {
        let allowed = UnsafeBufferPointer(start: quotes.utf8Start, count: quotes.utf8CodeUnitCount)
        guard let quote = rest.first, allowed.contains(quote) else { return nil }
        rest = rest.dropFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote { return String(validating: text, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`") else {
                text.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "t"): text.append(0x09)
            case .some(let escaped) where escaped == UInt8(ascii: "\\") || allowed.contains(escaped):
                text.append(escaped)
            default: return nil
            }
        }
        return nil
    }

    /// The value of a label in exposition text, between double quotes; nil when there is none or it does not end.
    ///
    /// Unlike in PromQL, a backslash before anything but `n`, a quote and itself stands for itself.
    mutating func takeLabelValue() -> String? {
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        guard rest.first == quote else { return nil }
        rest = rest.dropFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote { return String(validating: text, as: UTF8.self) }
            guard byte == backslash else {
                text.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            switch escaped {
            case UInt8(ascii: "n"): text.append(0x0a)
            case quote, backslash: text.append(escaped)
            default: text += [backslash, escaped]
            }
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
