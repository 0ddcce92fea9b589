/// Whether as many clients have the treatment as the published percentage says.
///
/// A mismatch is no failure of the treatment but of the rollout itself: clients that do not see the flag, or see
/// another. It holds the rollout for a person and never rolls back.
package struct Split: Sendable, Equatable, Codable {
    package var measure: SplitMeasure
    /// How many clients a judgement needs; fewer hold.
    package var minimumSamples: Int
    /// The smallest difference between the observed and the published share that matters; above 0, below 1.
    package var tolerance: Double

    package static let defaultMinimumSamples = 100
    /// 0.1 percentage points.
    package static let defaultTolerance = 0.001

    package init(
        measure: SplitMeasure,
        minimumSamples: Int = Split.defaultMinimumSamples,
        tolerance: Double = Split.defaultTolerance
    ) {
        self.measure = measure
        self.minimumSamples = minimumSamples
        self.tolerance = tolerance
    }

    /// Stands in the selector for the name of a variant.
    package static let variantWord = "$variant"
}

/// What tells how many clients an arm has.
///
/// The unit of a split is the client: one client that was counted sixty times is no evidence of sixty.
package enum SplitMeasure: Sendable, Equatable, Codable {
    /// A gauge of the distinct clients that are there.
    case clients(selector: String)
    /// A counter that each client raises once in so long while it is there.
    ///
    /// Counts divided by how often one client was counted are the clients that were there on average: what counting
    /// the same clients again adds is divided out (the design effect of Kish, *Survey Sampling* 1965, for answers
    /// that are all the same within a cluster).
    case exposures(selector: String, every: Span)
    /// A counter that each client raises once and never again.
    case firstExposures(selector: String)

    package var selector: String {
        switch self {
        case .clients(let selector), .exposures(let selector, _), .firstExposures(let selector): selector
        }
    }

    /// How long a client's last count may be back when it is counted.
    ///
    /// So old what is counted can be, and about an exposure of that time.
    package var memory: Span {
        switch self {
        case .clients, .firstExposures: .zero
        case .exposures(_, let every): every
        }
    }
}

extension SplitMeasure {
    /// The selector of one variant's series.
    package func selector(of variant: String) -> String {
        selector.replacing(Split.variantWord, with: variant)
    }

    /// What is asked about one variant: an instant for a gauge, else an interval.
    package func subject(of variant: String, from: Timestamp, through: Timestamp) -> MetricQuestion.Subject {
        let selector = selector(of: variant)
        switch self {
        case .clients:
            return .value(expression: "sum(\(selector))", at: through, selectors: [selector])
        case .exposures, .firstExposures:
            return .count(selector: selector, from: from, through: through)
        }
    }

    /// How often a client that was there all the time has been counted in an interval.
    ///
    /// Infinitely short intervals count a client 0 times, one first exposure counts it once whatever the interval.
    package func looks(in interval: Span) -> Double {
        switch self {
        case .clients: 1
        case .exposures(_, let every): Double(interval.milliseconds) / Double(max(1, every.milliseconds))
        case .firstExposures: 0
        }
    }
}
