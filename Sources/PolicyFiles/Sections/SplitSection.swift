import Rollout

/// The keys of what a split is measured by.
enum SplitKey: String, SectionKey {
    case clients, exposures, every, minimumSamples, tolerance

    static let section = "'split'"
    static let synonyms: [String: SplitKey] = [
        "gauge": .clients, "counter": .exposures, "interval": .every, "samples": .minimumSamples,
        "max": .tolerance,
    ]
}

extension Value {
    /// How many clients have each variant, and how far off is too far.
    func split(on source: CheckedSource) -> Split? {
        guard let fields = Fields(self, keys: SplitKey.self) else { return nil }
        let measure = measure(fields, on: source)
        let samples = fields.optional(.minimumSamples, default: Split.defaultMinimumSamples) {
            $0.count(atLeast: 1)
        }
        let tolerance = fields.optional(.tolerance, default: Split.defaultTolerance) { $0.tolerance() }
        guard let measure, let samples, let tolerance else { return nil }
        return Split(measure: measure, minimumSamples: samples, tolerance: tolerance)
    }

    private func measure(_ fields: Fields<SplitKey>, on source: CheckedSource) -> SplitMeasure? {
        guard let kind = fields.exactlyOne(of: .clients, .exposures) else { return nil }
        let selector = kind.value.variantSelector(on: source)
        if kind.key == .clients {
            fields.refuse(.every, because: "a gauge of clients has each of them once")
            guard source == .server else {
                return kind.value.fail(
                    "gauge-on-pages",
                    "on pages only counters can be read, and 'clients' is a gauge",
                    hint: "count with 'exposures', and say with 'every' how often a client is counted"
                )
            }
            return selector.map { .clients(selector: $0) }
        }
        let every = fields.required(.every) { $0.every() }
        guard let selector, let every else { return nil }
        switch every {
        case .once: return .firstExposures(selector: selector)
        case .each(let span): return .exposures(selector: selector, every: span)
        }
    }

    private enum Every {
        case once
        case each(Span)
    }

    /// How often a client is counted: `60s`, or `once`.
    private func every() -> Every? {
        if case .text("once", _) = content { return .once }
        return span(atLeast: .milliseconds(1)).map { .each($0) }
    }

    /// The smallest difference between two shares that matters: `0.1%`.
    private func tolerance() -> Double? {
        guard let (number, unit) = quantity() else { return nil }
        guard unit == .ratio else {
            return fail(
                "not-a-ratio",
                "\(name) is a difference of shares",
                hint: "write it in percent: '0.1%'"
            )
        }
        guard number > 0 else {
            return fail("tolerance-too-low", "\(name) must be above 0: no two shares are ever the same")
        }
        guard number < 1 else {
            return fail("cannot-fail", "shares never differ by 100 %", hint: "write a smaller difference")
        }
        return number
    }
}
