/// A named question to the metrics and the rule that judges its answer.
package struct Check: Sendable, Equatable, Codable {
    package var name: String
    package var rule: CheckRule

    package init(name: String, rule: CheckRule) {
        self.name = name
        self.rule = rule
    }
}

/// How a check judges.
package enum CheckRule: Sendable, Equatable, Codable {
    case comparison(Comparison)
    case ceiling(Ceiling)
    case query(Query)
    case split(Split)
}

/// An absolute limit on failures divided by exposures, both counted exactly.
package struct Ceiling: Sendable, Equatable, Codable {
    /// The largest healthy ratio, above 0 and below 1.
    package var limit: Double
    /// Selects the counters of failures; no series at all means no failure yet.
    package var failures: String
    /// Selects the counters of everything that could have failed.
    package var exposures: String
    /// How many exposures a judgement needs; fewer hold.
    package var minimumSamples: Int

    package static let defaultMinimumSamples = 100

    package init(
        limit: Double,
        failures: String,
        exposures: String,
        minimumSamples: Int = Ceiling.defaultMinimumSamples
    ) {
        self.limit = limit
        self.failures = failures
        self.exposures = exposures
        self.minimumSamples = minimumSamples
    }
}

/// Any PromQL expression that yields one number, held against a bound.
package struct Query: Sendable, Equatable, Codable {
    /// May contain `$window`, which stands for the time this step has been judged.
    package var expression: String
    package var bound: Bound
    /// How many judged intervals in a row must break the bound before it counts as a breach; at least 1.
    package var consecutive: Int
    /// What the number is measured in.
    package var unit: QueryUnit

    package init(expression: String, bound: Bound, consecutive: Int = 1, unit: QueryUnit = .none) {
        self.expression = expression
        self.bound = bound
        self.consecutive = consecutive
        self.unit = unit
    }
}

/// The unit a bound was written in and a value is shown in; the number itself is in base units.
package enum QueryUnit: String, Sendable, Equatable, Codable {
    /// A bare number.
    case none
    /// Seconds; written `100ms` or `2s`.
    case seconds
    /// A ratio; written `1%`.
    case ratio
}

/// A limit with its direction in the type, so that it cannot be written the wrong way round.
package enum Bound: Sendable, Equatable, Codable {
    /// Values above break it.
    case max(Double)
    /// Values below break it.
    case min(Double)

    package var limit: Double {
        switch self {
        case .max(let limit), .min(let limit): limit
        }
    }

    /// Whether a finite value respects the bound.
    package func holds(for value: Double) -> Bool {
        switch self {
        case .max(let limit): value <= limit
        case .min(let limit): value >= limit
        }
    }
}
