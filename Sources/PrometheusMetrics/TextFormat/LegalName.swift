/// Names as the text format allows them, made of any text.
enum LegalName {
    /// A metric's name: letters, digits, `_` and `:`, the first no digit.
    ///
    /// Every other character becomes `_`, so `http.requests` is `http_requests`; a leading digit gets a `_` before
    /// it, and so does nothing at all.
    static func metric(_ text: String) -> String {
        let name = replaced(text) { isLetterOrDigit($0) || $0 == UInt8(ascii: ":") }
        return startsBadly(name) ? "_" + name : name
    }

    /// A label's name: letters, digits and `_`, the first no digit, and not two `_` at the start.
    ///
    /// Names that begin otherwise get `key_` before them; two `_` are Prometheus' own.
    static func label(_ text: String) -> String {
        let name = replaced(text, keeping: isLetterOrDigit)
        return startsBadly(name) || name.hasPrefix("__") ? "key_" + name : name
    }

    private static func replaced(_ text: String, keeping isLegal: (UInt8) -> Bool) -> String {
        if text.utf8.allSatisfy({ isLegal($0) || $0 == UInt8(ascii: "_") }) { return text }
        return String(
            text.unicodeScalars.map { scalar in
                guard scalar.isASCII, isLegal(UInt8(scalar.value)) else { return "_" as Character }
                return Character(scalar)
            }
        )
    }

    private static func startsBadly(_ name: String) -> Bool {
        name.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
