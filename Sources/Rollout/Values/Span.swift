/// A length of time in whole milliseconds, written the way Prometheus writes durations: `90s`, `1h30m`.
package struct Span: Sendable, Hashable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static let zero = Span(milliseconds: 0)
    package static func milliseconds(_ count: Int64) -> Span { Span(milliseconds: count) }
    package static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1_000) }
    package static func minutes(_ count: Int64) -> Span { .seconds(count * 60) }
    package static func hours(_ count: Int64) -> Span { .minutes(count * 60) }

    package var seconds: Double { Double(milliseconds) / 1_000 }

    /// This span kept between two bounds.
    package func clamped(_ lowest: Span, _ highest: Span) -> Span { min(max(self, lowest), highest) }
}

extension Span: Comparable {
    package static func < (shorter: Span, longer: Span) -> Bool { shorter.milliseconds < longer.milliseconds }
    package static func + (one: Span, other: Span) -> Span {
        Span(milliseconds: one.milliseconds + other.milliseconds)
    }
    package static func - (one: Span, other: Span) -> Span {
        Span(milliseconds: one.milliseconds - other.milliseconds)
    }
    package static func * (span: Span, count: Int64) -> Span { Span(milliseconds: span.milliseconds * count) }
    package static func += (span: inout Span, other: Span) { span = span + other }
}

extension Span {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Reads a Prometheus duration such as `5m`, `1h30m` or `250ms`; `0` alone is zero.
    ///
    /// Nil for anything else: no unit, a unit twice, units out of order, a fraction, or too long for 64 bits.
    package init?(text: some StringProtocol) {
        guard text != "0" else {
            self = .zero
            return
        }
        var total: Int64 = 0
        var rest = text.utf8[...]
        var nextUnit = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(digits.count)
            let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            rest = rest.dropFirst(letters.count)
            guard
                let count = Int64(String(decoding: digits, as: UTF8.self)),
                let unit = Self.units[nextUnit...].firstIndex(where: { $0.suffix.utf8.elementsEqual(letters) }
                )
            else { return nil }
            let (part, tooLong) = count.multipliedReportingOverflow(by: Self.units[unit].milliseconds)
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !tooLong, !overflow else { return nil }
            total = sum
            nextUnit = unit + 1
        }
        self.init(milliseconds: total)
    }
}

extension Span: CustomStringConvertible {
    /// The shortest exact Prometheus duration, at most in hours: `1h30m`, `90ms`, `0s`; `-` in front if negative.
    package var description: String {
        guard milliseconds != 0 else { return "0s" }
        var rest = milliseconds.magnitude
        var text = milliseconds < 0 ? "-" : ""
        for unit in Self.units.dropFirst(2) {
            let (count, remainder) = rest.quotientAndRemainder(dividingBy: unit.milliseconds.magnitude)
            if count > 0 { text += "\(count)\(unit.suffix)" }
            rest = remainder
        }
        return text
    }
}

extension Span: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let span = Span(text: text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not a duration"
            )
        }
        self = span
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
