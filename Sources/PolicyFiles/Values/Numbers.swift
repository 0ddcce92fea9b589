import Assignment
import Rollout

extension Value {
    /// A share of clients that a step exposes: `10`, `0.5%`, `12.5 %`; above 0 and at most 100.
    func percentage() -> Percentage? {
        guard let (text, share) = shareOfClients() else { return nil }
        guard share.percent > 0 else {
            return fail(
                "zero-percentage",
                "a step must expose somebody, but this is \(text)",
                hint: "leave the step out"
            )
        }
        guard share.percent <= 100 else {
            return fail("percentage-over-100", "'\(text)' is more than everybody")
        }
        return exactly(share, text)
    }

    /// A share of clients that is left out of something: `5%`, 0; at most `highest`.
    func percentage(atMost highest: Percentage, otherwise hint: String) -> Percentage? {
        guard let (text, share) = shareOfClients() else { return nil }
        guard share.percent >= 0, share.percent <= highest.percent else {
            let message = "\(name) must be from 0 to \(highest), but it is \(text)"
            return fail("percentage-out-of-range", message, hint: hint)
        }
        return exactly(share, text)
    }

    private typealias WrittenShare = (percent: Double, isBare: Bool)

    private func shareOfClients() -> (text: String, share: WrittenShare)? {
        guard let text = text("a percentage such as '10%'") else { return nil }
        guard let number = WrittenNumber(text), ["", "%"].contains(number.unit), let percent = number.value
        else {
            return fail("not-a-percentage", "'\(text)' is not a percentage", hint: "write 10 or '10%'")
        }
        return (text, (percent, number.unit.isEmpty))
    }

    private func exactly(_ share: WrittenShare, _ text: String) -> Percentage? {
        guard let percentage = Percentage(percent: share.percent) else {
            return fail("fine-percentage", "'\(text)' is finer than a thousandth of a percent")
        }
        if share.isBare, share.percent > 0, share.percent < 1 {
            warn("ambiguous-percentage", "\(text) means \(percentage)", hint: "write '\(text)%' to say so")
        }
        return percentage
    }

    /// A limit on a ratio: `1%`, or 0.01; above 0 and below 1.
    func ratioLimit() -> Double? {
        share(
            called: "ceiling",
            tooLow: "write the smallest share that is a fault, such as '0.1%'",
            tooHigh: "write a ceiling below '100%'"
        )
    }

    /// The share of failures that is promised: `0.5%`, or 0.005; above 0 and below 1.
    func objective() -> Double? {
        share(
            called: "objective",
            tooLow: "write the largest share that keeps the promise, such as '0.1%'",
            tooHigh: "write an objective below '100%'"
        )
    }

    /// A share of what happens, not of clients: `1%`, or 0.01; above 0 and below 1.
    ///
    /// - Parameters:
    ///   - word: What the share is, for messages and codes.
    ///   - tooLow: What to write in place of nothing.
    ///   - tooHigh: What to write in place of everything.
    /// - Returns: The share; nil when it was found wrong.
    private func share(called word: String, tooLow: String, tooHigh: String) -> Double? {
        guard let (text, number) = ratio() else { return nil }
        let isPercent = number.unit == "%"
        guard let value = number.value, value > 0 else {
            let message = "the \(word) must be above 0, but it is \(text)"
            return fail("\(word)-too-low", message, hint: tooLow)
        }
        guard isPercent || value < 1 else { return failAsAmbiguous(text, value) }
        guard let limit = isPercent ? number.hundredth : value, limit < 1 else {
            return fail(
                "cannot-fail",
                "failures never exceed \(text) of exposures",
                hint: tooHigh
            )
        }
        return limit
    }

    /// A number that is a share, in percent or bare, finite; whether it is a sensible one is not judged.
    func ratio() -> (text: String, number: WrittenNumber)? {
        guard let text = text("a share such as '1%'") else { return nil }
        guard let number = WrittenNumber(text), ["", "%"].contains(number.unit), number.value != nil else {
            return fail("not-a-ratio", "'\(text)' is not a share", hint: "write '1%' or 0.01")
        }
        return (text, number)
    }

    func failAsAmbiguous<Result>(_ text: String, _ value: Double) -> Result? {
        let message =
            value == 1 ? "1 may mean 1 % or 100 %" : "\(text) as a ratio is \(text) times everything"
        return fail("ambiguous-ratio", message, hint: "did you mean '\(text)%'?")
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
