/// A number as it is written in a policy: digits, perhaps a sign, a fraction and an exponent, and what follows it.
struct WrittenNumber {
    var digits: Substring
    /// `%`, `ms`, …; empty for a bare number.
    var unit: Substring

    init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        var unit = text.dropFirst(digits.count).drop { $0 == " " }
        self.digits = digits
        if let exponent = unit.first, exponent == "e" || exponent == "E",
            unit.dropFirst().allSatisfy(\.isExponent)
        {
            self.digits = text[...]
            unit = ""
        }
        self.unit = unit
        guard Double(self.digits) != nil else { return nil }
    }

    /// The number itself.
    var value: Double? { finite(String(digits)) }
    /// The number taken as percent: shifted in decimal, so that `0.7%` is exactly what `0.007` is.
    var hundredth: Double? { finite("\(digits)e-2") }
    var thousandth: Double? { finite("\(digits)e-3") }

    private func finite(_ text: String) -> Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
}

extension Character {
    fileprivate var isExponent: Bool { isASCII && (isNumber || self == "+" || self == "-") }
}
