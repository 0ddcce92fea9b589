/// Numbers as people read them.
enum Figures {
    /// A share in percent, with as many digits as say something: `0.04 %`, `1.2 %`, `78 %`.
    static func percent(_ share: Double) -> String {
        let percent = share * 100
        if percent == 0 { return "0 %" }
        if percent < 0.995 { return fixed(percent, digits: 2) + " %" }
        if percent < 9.95 { return fixed(percent, digits: 1) + " %" }
        return fixed(percent, digits: 0) + " %"
    }

    /// A bound in percent, never rounded to nothing: `at most 0.01 %`.
    static func atMost(_ share: Double) -> String { "at most " + percent(max(share, 0.0001)) }

    /// A number with so many digits after the point.
    static func fixed(_ number: Double, digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(number) * scale).rounded())
        let sign = number < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + "\(scaled)" }
        let fraction = "\(scaled % Int(scale))"
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return sign + "\(scaled / Int(scale))." + zeros + fraction
    }

    /// A whole number with commas between its thousands.
    static func grouped(_ number: Double) -> String {
        let digits = fixed(number, digits: 0)
        let count = digits.count
        return digits.enumerated().reduce(into: "") { text, digit in
            if digit.offset > 0, (count - digit.offset).isMultiple(of: 3) { text += "," }
            text.append(digit.element)
        }
    }

    /// The same, or a dash where there is none.
    static func grouped(_ number: Int?) -> String { number.map { grouped(Double($0)) } ?? "–" }
}
