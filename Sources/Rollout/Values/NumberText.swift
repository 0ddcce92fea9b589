/// Numbers as people read them, without a locale: `0.42 %`, `87 ms`, `18,402`.
package enum NumberText {
    /// A ratio as percent: `1.25 %`; up to `places` decimals, trailing zeros dropped.
    package static func percent(_ ratio: Double, places: Int = 2) -> String {
        "\(decimal(ratio * 100, places: places)) %"
    }

    /// A duration given in seconds, in the unit that reads best: `87 ms`, `2.5 s`.
    package static func seconds(_ value: Double) -> String {
        value.magnitude < 1 ? "\(decimal(value * 1_000, places: 1)) ms" : "\(decimal(value, places: 2)) s"
    }

    /// A whole number with thousands set apart: `18,402`; fractions of a count are rounded away.
    package static func count(_ value: Double) -> String {
        guard value.magnitude < 1e15 else { return "\(value)" }
        let digits = Array(String(Int64(value.rounded()).magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A number rounded to `places` decimals, trailing zeros dropped: `0.5`, `12`.
    package static func decimal(_ value: Double, places: Int) -> String {
        guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
        let scale = (0..<places).reduce(into: 1.0) { product, _ in product *= 10 }
        let scaled = (value * scale).rounded()
        // Too small to show at this precision, yet not nothing: never print it as 0.
        if scaled == 0, value != 0 { return "\(value)" }
        let whole = Int64(scaled.magnitude)
        let (units, rest) = whole.quotientAndRemainder(dividingBy: Int64(scale))
        var fraction = String(rest)
        fraction = String(repeating: "0", count: max(0, places - fraction.count)) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let sign = scaled < 0 ? "-" : ""
        return fraction.isEmpty ? "\(sign)\(units)" : "\(sign)\(units).\(fraction)"
    }
}

extension QueryUnit {
    /// A value in base units as people read it.
    package func text(_ value: Double) -> String {
        switch self {
        case .none: NumberText.decimal(value, places: 4)
        case .seconds: NumberText.seconds(value)
        case .ratio: NumberText.percent(value)
        }
    }
}
