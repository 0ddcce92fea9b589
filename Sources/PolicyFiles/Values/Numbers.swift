import Assignment
import Rollout

/// A number as it is written in a policy: digits, perhaps a sign, a fraction and an exponent, and what follows it.
private struct WrittenNumber {
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

extension Value {
    /// A share of clients: `10`, `0.5%`, `12.5 %`; above 0 and at most 100.
    func percentage() -> Percentage? {
        guard let text = text("a percentage such as '10%'") else { return nil }
        guard let number = WrittenNumber(text), ["", "%"].contains(number.unit), let percent = number.value
        else {
            return fail("not-a-percentage", "'\(text)' is not a percentage", hint: "write 10 or '10%'")
        }
        guard percent > 0 else {
            return fail(
                "zero-percentage",
                "a step must expose somebody, but this is \(text)",
                hint: "leave the step out"
            )
        }
        guard percent <= 100 else { return fail("percentage-over-100", "'\(text)' is more than everybody") }
        guard let percentage = Percentage(percent: percent) else {
            return fail("fine-percentage", "'\(text)' is finer than a thousandth of a percent")
        }
        if number.unit.isEmpty, percent < 1 {
            warn("ambiguous-percentage", "\(text) means \(percentage)", hint: "write '\(text)%' to say so")
        }
        return percentage
    }

    /// A limit on a ratio: `1%`, or 0.01; above 0 and below 1.
    func ratioLimit() -> Double? {
        guard let text = text("a share such as '1%'") else { return nil }
        guard let number = WrittenNumber(text), ["", "%"].contains(number.unit), let value = number.value
        else {
            return fail("not-a-ratio", "'\(text)' is not a share", hint: "write '1%' or 0.01")
        }
        let isPercent = number.unit == "%"
        guard value > 0 else {
            let hint = "write the smallest share that is a fault, such as '0.1%'"
            return fail("ceiling-too-low", "the ceiling must be above 0, but it is \(text)", hint: hint)
        }
        guard isPercent || value < 1 else {
            let message =
                value == 1 ? "1 may mean 1 % or 100 %" : "\(text) as a ratio is \(text) times everything"
            return fail("ambiguous-ratio", message, hint: "did you mean '\(text)%'?")
        }
        guard let limit = isPercent ? number.hundredth : value, limit < 1 else {
            return fail(
                "cannot-fail",
                "failures never exceed \(text) of exposures",
                hint: "write a ceiling below '100%'"
            )
        }
        return limit
    }

    /// A number with the unit it was written in: `100ms`, `1%`, `-5`.
    func quantity() -> (number: Double, unit: QueryUnit)? {
        guard let text = text("a number such as 5, '100ms' or '1%'") else { return nil }
        if let span = Span(text: text), text != "0" { return (span.seconds, .seconds) }
        let number = WrittenNumber(text)
        let read: (Double?, QueryUnit)? =
            switch number?.unit {
            case "": (number?.value, .none)
            case "%": (number?.hundredth, .ratio)
            case "s": (number?.value, .seconds)
            case "ms": (number?.thousandth, .seconds)
            default: nil
            }
        guard let (value, unit) = read, let value else {
            let hint = "use 'ms', 's', 'm' or '%', or a bare number in the metric's own unit"
            return fail("not-a-number", "'\(text)' is not a number with a known unit", hint: hint)
        }
        return (value, unit)
    }

    /// A whole number of at least `lowest`.
    func count(atLeast lowest: Int) -> Int? {
        guard let text = text("a whole number") else { return nil }
        guard let number = Int(text) else {
            return fail(
                "not-a-count",
                "'\(text)' is not a whole number",
                hint: "write digits only, such as 100"
            )
        }
        guard number >= lowest else {
            return fail("count-too-low", "\(name) must be at least \(lowest), but it is \(text)")
        }
        return number
    }
}
