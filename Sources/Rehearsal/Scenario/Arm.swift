import Rollout

/// Which clients' requests a selector counts.
enum Arm: Sendable, Equatable {
    case treatment
    case control
    case both

    /// The arm whose variant a selector names; both where it names none.
    ///
    /// A matcher on the label `variant` decides. Without one any other label does, except `flag`: a treatment is
    /// often called like its flag.
    init(selector: String, _ variants: Variants) {
        let matchers = PromQL.plainSelector(selector)?.matchers ?? []
        let labelled = matchers.filter { $0.label == "variant" }
        let candidates = labelled.isEmpty ? matchers.filter { $0.label != "flag" } : labelled
        self = candidates.lazy.compactMap { Self(matcher: $0, variants) }.first ?? .both
    }

    private init?(matcher: PromQLSelector.Matcher, _ variants: Variants) {
        let isNegated = matcher.comparison.hasPrefix("!")
        switch matcher.value {
        case variants.treatment: self = isNegated ? .control : .treatment
        case variants.control: self = isNegated ? .treatment : .control
        default: return nil
        }
    }
}
