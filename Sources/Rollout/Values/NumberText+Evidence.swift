import Analysis

extension NumberText {
    /// A ratio as people compare: `1.9`, `1.0`, `0.53`, `34`; no more digits than that tells anything.
    package static func ratio(_ value: Double) -> String {
        switch value {
        case ..<0: return decimal(value, places: 1)
        case 0: return "0"
        case ..<0.005: return "under 0.01"
        case ..<0.995: return decimal(value, places: 2)
        case ..<9.95:
            let text = decimal(value, places: 1)
            return text.contains(".") ? text : "\(text).0"
        case ..<1_000: return count(value)
        default: return "over 1,000"
        }
    }

    /// A multiple as people name it: `2`, `1.5`, `34`.
    package static func multiple(_ value: Double) -> String {
        value < 9.95 ? decimal(value, places: 1) : count(value)
    }

    /// Evidence, known by its natural logarithm, as an e-value: `34`, `2.3`, `under 0.1`, `over a million`.
    ///
    /// Rounded down: what is not enough yet never reads as if it were.
    package static func evidence(_ logarithm: Double) -> String {
        let value = LogSum.exponential(logarithm)
        switch value {
        case ..<0.1: return "under 0.1"
        case ..<9.95: return decimal((value * 10 + 1e-9).rounded(.down) / 10, places: 1)
        case ..<1e6: return count((value + 1e-9).rounded(.down))
        default: return "over a million"
        }
    }

    /// A share of failures as percent with two digits that count: `0.5 %`, `0.032 %`, `12 %`.
    package static func share(_ value: Double) -> String {
        var places = 0
        var scaled = (value * 100).magnitude
        while scaled > 0, scaled < 10, places < 6 {
            scaled *= 10
            places += 1
        }
        // 0.999… has become 10: one digit more than is meant.
        if scaled >= 99.5, places > 0 { places -= 1 }
        return percent(value, places: places)
    }
}
