import Rollout

/// The keys of a comparison of treatment and control.
enum CompareKey: String, SectionKey {
    case failures, exposures
    case durations, slowerThan
    case objective, tolerate, harmBudget, minimumSamples

    static let section = "'compare'"
    static let synonyms: [String: CompareKey] = [
        "errors": .failures, "failed": .failures, "total": .exposures, "requests": .exposures,
        "latency": .durations, "histogram": .durations, "duration": .durations, "buckets": .durations,
        "bucket": .slowerThan, "threshold": .slowerThan, "bound": .slowerThan, "le": .slowerThan,
        "ratio": .tolerate, "margin": .tolerate, "tolerance": .tolerate, "factor": .tolerate,
        "max": .tolerate,
        "budget": .harmBudget, "harm": .harmBudget, "samples": .minimumSamples,
        "slo": .objective, "target": .objective, "ceiling": .objective,
    ]
    static let elsewhere = ComparisonTermsKeys.atTheTop.merging(["name": "beside 'compare'"]) { $1 }
    static let advice = ComparisonTermsKeys.advice.merging(
        Dictionary(
            uniqueKeysWithValues: ["baseline", "canary", "control", "treatment"].map { word in
                (word, "both are counted by the same selectors: '$variant' becomes the name of each in turn")
            }
        )
    ) { $1 }
}

extension Value {
    /// What is counted in both arms, and how much worse the treatment may be.
    func comparison(on source: CheckedSource) -> Comparison? {
        guard let fields = Fields(self, keys: CompareKey.self) else { return nil }
        let hasControl = fields[.objective] == nil
        let measure = measure(fields, on: source, hasControl: hasControl)
        let objective = fields.optional(.objective) { $0.objective() }
        if !hasControl {
            let reason = "with an 'objective' it is the objective that may still be promoted"
            fields.refuse(.tolerate, .harmBudget, because: reason)
        }
        let tolerate = fields.optional(.tolerate, default: Comparison.defaultTolerate) { $0.tolerated() }
        let budget = fields.optional(.harmBudget, default: Comparison.defaultHarmBudget) { $0.perMinute() }
        let samples = fields.optional(.minimumSamples, default: Comparison.defaultMinimumSamples) {
            $0.count(atLeast: 1)
        }
        guard let measure, hasControl || objective != nil, let tolerate, let budget, let samples else {
            return nil
        }
        return Comparison(
            measure: measure,
            objective: objective,
            tolerate: tolerate,
            harmBudget: budget,
            minimumSamples: samples
        )
    }

    private func measure(
        _ fields: Fields<CompareKey>,
        on source: CheckedSource,
        hasControl: Bool
    ) -> ComparisonMeasure? {
        switch (fields.first(of: .failures, .exposures), fields.first(of: .durations, .slowerThan)) {
        case (nil, nil):
            return fields.missing(.failures, .durations)
        case (let counted?, let timed?):
            let (one, other) = (counted.key.rawValue, timed.key.rawValue)
            let message = "'compare' cannot have both '\(one)' and '\(other)'"
            return fail("conflicting-keys", message, hint: "make two checks of it")
        case (_?, nil):
            return failures(fields, on: source, hasControl: hasControl)
        case (nil, _?):
            let histogram = fields.required(.durations) { $0.histogram(on: source, hasControl: hasControl) }
            let bound = fields.required(.slowerThan) { $0.span(atLeast: .milliseconds(1), usual: "ms") }
            guard let histogram, let bound else { return nil }
            return .slow(histogram: histogram, bound: bound)
        }
    }

    private func failures(
        _ fields: Fields<CompareKey>,
        on source: CheckedSource,
        hasControl: Bool
    ) -> ComparisonMeasure? {
        // One arm's failures among everybody's exposures would look healthier than they are.
        let isNeeded =
            hasControl || [.failures, .exposures].contains { fields[$0]?.namesVariant == true }
        let failures = fields.required(.failures) { $0.variantSelector(on: source, isNeeded: isNeeded) }
        let exposures = fields.required(.exposures) { $0.variantSelector(on: source, isNeeded: isNeeded) }
        guard let failures, let exposures else { return nil }
        guard Value.plainSelector(failures) != Value.plainSelector(exposures) else {
            return fields[.failures]?.fail(
                "same-selectors",
                "failures and exposures select the same series",
                hint: "let 'failures' select what went wrong only, such as status=~\"5..\""
            )
        }
        return .failures(selector: failures, exposures: exposures)
    }

    /// A plain selector of a histogram by its base name.
    private func histogram(on source: CheckedSource, hasControl: Bool) -> String? {
        guard
            let text = variantSelector(on: source, isNeeded: hasControl),
            let selector = Value.plainSelector(text)
        else { return nil }
        guard let metric = selector.metric else {
            let hint = "name the histogram in front of the labels: 'request_seconds{…}'"
            return fail("not-a-histogram", "\(name) names no metric", hint: hint)
        }
        if let suffix = ["_bucket", "_count", "_sum"].first(where: metric.hasSuffix) {
            let message = "\(name) must be a histogram's base name, but '\(metric)' is one of its series"
            let hint = "leave '\(suffix)' out: which of its series are counted follows from 'slowerThan'"
            return fail("not-a-histogram", message, hint: hint)
        }
        guard !selector.matchers.contains(where: { $0.label == "le" }) else {
            let hint = "leave 'le' out: it follows from 'slowerThan'"
            return fail("not-a-histogram", "\(name) picks single buckets", hint: hint)
        }
        guard ([metric] + selector.matchers.map(\.label)).allSatisfy(Value.isPlainName) else {
            let message = "\(name) has a name that needs quotes, which are not supported for histograms"
            return fail("not-a-histogram", message, hint: "use ASCII letters, digits, '_' and ':'")
        }
        return text
    }

    private static func isPlainName(_ name: String) -> Bool {
        name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_:".contains($0)) }
    }

    /// How many times the control's share of failures may still be promoted: `1.5x`, or 1.5.
    private func tolerated() -> Double? {
        guard let text = text("a multiple such as '1.5x'") else { return nil }
        let number = WrittenNumber(text)
        guard let number, ["", "x", "×"].contains(number.unit), let ratio = number.value else {
            return fail("not-a-multiple", "'\(text)' is not a multiple", hint: multipleHint(for: number))
        }
        guard ratio >= 1 else {
            let message = "\(name) must be at least 1, but it is \(text)"
            let hint = "1x is as many failures as the control has; fewer cannot be asked of a treatment"
            return fail("tolerate-too-low", message, hint: hint)
        }
        guard ratio <= 10 else {
            let message = "\(name) lets a treatment through that fails \(text) as often as the control"
            return fail("tolerate-too-high", message, hint: "write at most '10x'; usual is '1.5x'")
        }
        return ratio
    }

    private func multipleHint(for number: WrittenNumber?) -> String {
        guard let number, number.unit == "%", let share = number.hundredth, (0...10).contains(share) else {
            return "write '1.5x' for one and a half times as many failures as the control has"
        }
        // 150 % may be one and a half times as many, or two and a half: as many and 150 % more.
        let more = NumberText.decimal(1 + share, places: 3)
        guard share >= 1 else { return "did you mean '\(more)x'?" }
        return "did you mean '\(NumberText.decimal(share, places: 3))x', or '\(more)x'?"
    }

    /// A rate of failures: `1 per minute`, `0.5/s`; above 0, in failures per minute.
    private func perMinute() -> Double? {
        guard let text = text("a rate such as '1 per minute'") else { return nil }
        let number = WrittenNumber(text)
        guard let number, let value = number.value, let minutes = Self.minutes(number.unit) else {
            let hint =
                number?.unit.isEmpty == true
                ? "did you mean '\(text) per minute'?"
                : "write failures in a time: '1 per minute', '0.5 per second' or '10 per hour'"
            return fail("not-a-rate", "'\(text)' is not a rate", hint: hint)
        }
        guard value > 0 else {
            let hint = "write the smallest harm that matters, such as '1 per hour'"
            return fail("harm-budget-too-low", "\(name) must be above 0, but it is \(text)", hint: hint)
        }
        return value / minutes
    }

    /// How many minutes the time in ` per hour` or `/h` has.
    private static func minutes(_ unit: Substring) -> Double? {
        for prefix in ["per ", "/"] where unit.hasPrefix(prefix) {
            switch unit.dropFirst(prefix.count).drop(while: { $0 == " " }) {
            case "s", "sec", "second": return 1.0 / 60
            case "m", "min", "minute": return 1
            case "h", "hour": return 60
            case "d", "day": return 24 * 60
            default: return nil
            }
        }
        return nil
    }
}
