/// A page of the Prometheus text format 0.0.4 as it is written.
struct TextPage {
    private(set) var bytes: [UInt8] = []

    /// Writes the lines about a metric that come before its samples.
    mutating func begin(_ family: ExportedFamily) {
        if !family.help.isEmpty {
            bytes += "# HELP \(family.name) ".utf8
            for byte in family.help.utf8 { bytes.append(byte, escapingQuotes: false) }
            bytes.append(.lineFeed)
        }
        bytes += "# TYPE \(family.name) \(family.type.rawValue)\n".utf8
    }

    /// Writes one sample.
    ///
    /// - Parameters:
    ///   - identity: Whose it is.
    ///   - suffix: What follows the metric's name: `_sum`, or nothing.
    ///   - bound: The upper bound of a histogram's bucket, for the label `le`.
    ///   - value: The value.
    mutating func sample(
        _ identity: SeriesIdentity,
        suffix: String = "",
        upTo bound: Double? = nil,
        _ value: Double
    ) {
        bytes += identity.name.utf8
        bytes += suffix.utf8
        if bound != nil || !identity.labels.text.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            bytes += identity.labels.text
            if let bound {
                if !identity.labels.text.isEmpty { bytes.append(UInt8(ascii: ",")) }
                bytes += "le=\"\(Self.text(of: bound))\"".utf8
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes += " \(Self.text(of: value))\n".utf8
    }

    /// A number as Prometheus reads it, whole ones without a fraction.
    static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Beyond 2⁵³ not every whole number is one, and digits would pretend it.
        if value.rounded() == value, value.magnitude < 0x1p53 { return String(Int64(value)) }
        return value.description
    }
}

extension [UInt8] {
    /// Appends one byte of UTF-8, escaped as the text format wants it.
    mutating func append(_ byte: UInt8, escapingQuotes: Bool) {
        switch byte {
        case UInt8(ascii: "\\"): self += #"\\"#.utf8
        case .lineFeed: self += #"\n"#.utf8
        case UInt8(ascii: "\""): self += (escapingQuotes ? #"\""# : "\"").utf8
        // The scraper's lexer takes this byte for the end of the page.
        case 0: self += "\u{FFFD}".utf8
        default: append(byte)
        }
    }
}

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
}
