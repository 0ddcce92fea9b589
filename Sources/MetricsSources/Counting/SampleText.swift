/// Sample values as Prometheus writes them.
enum SampleText {
    /// Reads a decimal number, `NaN`, `+Inf`, `-Inf` or `Inf`, and nothing else that Swift would take.
    ///
    /// Nil for anything else, such as a hexadecimal number, a blank or an empty text.
    static func value(_ text: some StringProtocol) -> Double? {
        switch text {
        case "NaN": return .nan
        case "+Inf", "Inf": return .infinity
        case "-Inf": return -.infinity
        default: break
        }
        let allowed = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        return allowed ? Double(text) : nil
    }

    /// The inverse of ``value(_:)``.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return "\(value)"
    }
}
