import Rollout

extension Value {
    /// The longest duration a policy may name: one year.
    private static let longest = Span.hours(365 * 24)

    /// A duration with its unit, such as `90s` or `1h30m`, from `shortest` to a year.
    ///
    /// `usual` is the unit that a number without one most likely lacks.
    func span(atLeast shortest: Span = .zero, usual unit: String = "m") -> Span? {
        guard let text = text("a duration such as '5m'") else { return nil }
        if text.hasPrefix("-") {
            return fail("negative-duration", "\(name) cannot be negative, but it is \(text)")
        }
        guard let span = Span(text: text) else {
            return fail("not-a-duration", "'\(text)' is not a duration", hint: durationHint(for: text, unit))
        }
        guard span >= shortest else {
            return fail("too-short", "\(name) must be at least \(shortest), but it is \(text)")
        }
        guard span <= Self.longest else { return fail("too-long", "\(name) is longer than a year: \(text)") }
        return span
    }

    private func durationHint(for text: String, _ usual: String) -> String {
        if Int(text) != nil {
            return "did you mean '\(text)\(usual)'? Durations have a unit: '90s', '5m', '2h'"
        }
        let plain = text.lowercased().filter { !$0.isWhitespace }
        let number = plain.prefix { $0.isASCII && $0.isNumber }
        let unit = String(plain.dropFirst(number.count))
        if !number.isEmpty, let meant = Self.longUnits[unit] { return "did you mean '\(number)\(meant)'?" }
        return "write whole numbers with the units w, d, h, m, s and ms, the largest first: '1h30m'"
    }

    private static let longUnits: [String: String] = [
        "h": "h", "m": "m", "s": "s", "d": "d", "w": "w",
        "ms": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms", "msec": "ms",
        "sec": "s", "secs": "s", "second": "s", "seconds": "s",
        "min": "m", "mins": "m", "minute": "m", "minutes": "m",
        "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
        "day": "d", "days": "d", "week": "w", "weeks": "w",
    ]
}
