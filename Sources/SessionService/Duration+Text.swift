extension Duration {
    /// Whole milliseconds, the rest cut off.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    /// Reads a duration as it is written on the command line: `500ms`, `60s`, `15m`, `1h`.
    ///
    /// - Parameter text: Digits and a unit, nothing between; up to a year.
    package init?(parsing text: String) {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty, let number = Int(Substring(digits)) else { return nil }
        let milliseconds: Int
        switch text.dropFirst(digits.count) {
        case "ms": milliseconds = 1
        case "s": milliseconds = 1_000
        case "m": milliseconds = 60_000
        case "h": milliseconds = 3_600_000
        default: return nil
        }
        let (product, isTooMuch) = number.multipliedReportingOverflow(by: milliseconds)
        guard !isTooMuch, product <= 365 * 24 * 3_600_000 else { return nil }
        self = .milliseconds(product)
    }

    /// The duration as it is written on the command line, in the longest unit that is exact.
    package var written: String {
        let milliseconds = milliseconds
        return milliseconds.isMultiple(of: 1_000) ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}
