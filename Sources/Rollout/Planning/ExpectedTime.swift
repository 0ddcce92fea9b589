/// How long something is expected to take, as far as that can be told.
package enum ExpectedTime: Sendable, Equatable {
    case about(Span)
    /// Not at this traffic, however long one waits.
    case never

    /// Longer than anybody waits is never.
    private static let longest = Span.hours(24 * 365)

    /// A number of intervals, which may be infinite; a begun one counts as one.
    package init(intervals: Double, of interval: Span) {
        let whole = intervals.rounded(.up)
        let most = Double(Self.longest.milliseconds) / Double(max(1, interval.milliseconds))
        self = whole < most ? .about(interval * Int64(max(0, whole))) : .never
    }

    package var span: Span? {
        guard case .about(let span) = self else { return nil }
        return span
    }

    package static func + (time: ExpectedTime, more: Span) -> ExpectedTime {
        time.span.map { .about($0 + more) } ?? .never
    }

    package static func + (one: ExpectedTime, other: ExpectedTime) -> ExpectedTime {
        other.span.map { one + $0 } ?? .never
    }
}

extension ExpectedTime: Comparable {
    package static func < (shorter: ExpectedTime, longer: ExpectedTime) -> Bool {
        switch (shorter, longer) {
        case (.about(let one), .about(let other)): one < other
        case (.about, .never): true
        case (.never, _): false
        }
    }
}

extension ExpectedTime {
    /// As exact as it is: `about 25 min`, `over a day`, `never at this traffic`.
    package var text: String {
        guard case .about(let span) = self else { return "never at this traffic" }
        return span.roughly.map { "about \($0)" } ?? span.vaguely
    }

    /// `in about 25 min`, `in over a day`, `never at this traffic`.
    package var promise: String { self == .never ? text : "in \(text)" }

    /// The same for a column of a table: `25m`, `1h30m`, `> 1d`, `never`.
    package var briefText: String {
        guard case .about(let span) = self else { return "never" }
        guard let text = span.roughly else {
            let days = span.milliseconds / 86_400_000
            return days < 7 ? "> 1d" : days < 30 ? "> 1w" : "> 30d"
        }
        return text.replacing(" min", with: "m").replacing(" h", with: "h").replacing(" ", with: "")
    }
}

extension Span {
    /// Rounded to what an estimate can tell, up to a day: `4 min`, `25 min`, `1 h 30 min`, `7 h`.
    fileprivate var roughly: String? {
        let minutes = (milliseconds + 59_999) / 60_000
        switch minutes {
        case ...1: return "1 min"
        case ..<20: return "\(minutes) min"
        case ..<58: return "\((minutes + 2) / 5 * 5) min"
        case ..<175:
            let (hours, rest) = ((minutes + 5) / 10 * 10).quotientAndRemainder(dividingBy: 60)
            return rest == 0 ? "\(hours) h" : "\(hours) h \(rest) min"
        case ..<(24 * 60): return "\((minutes + 30) / 60) h"
        default: return nil
        }
    }

    fileprivate var vaguely: String {
        switch milliseconds / 86_400_000 {
        case ..<7: "over a day"
        case ..<30: "over a week"
        default: "over a month"
        }
    }
}
