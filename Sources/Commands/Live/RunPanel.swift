import Rollout

/// How a run stands, as a person sees it on a terminal.
struct RunPanel: Sendable, Equatable {
    /// Nil while nothing is known of the rollout.
    var view: RolloutView?
    var ending: RunEnding?
    /// Since the rollout was started.
    var elapsed: Span?
    var gauges: [CheckGauge] = []
    var latest: Latest?
    /// What comes next, and when.
    var next: String?
    var need: Need?
    /// What cannot be done right now.
    var troubles: [String] = []

    init(view: RolloutView?, ending: RunEnding? = nil) {
        self.view = view
        self.ending = ending
    }

    /// What was decided last.
    struct Latest: Sendable, Equatable {
        var at: Timestamp
        var text: String
        var colour: Colour?
    }

    /// Why a person is needed.
    struct Need: Sendable, Equatable {
        var text: String
        /// The command as it is typed.
        var command: String?
    }
}

/// One check against its limit.
struct CheckGauge: Sendable, Equatable {
    var name: String
    /// Nil before the first judgement of this step.
    var cause: Cause?
    /// The value as people read it, with its limit: `0.2 % (max 1 %)`.
    var reading: String
    var samples: Double?
    var reason: String
    /// How much of the limit is used up: 1 is all of it; nil without a value, and for what has no limit.
    var strain: Double?
    /// The same of the last judgements, oldest first; those of earlier steps too.
    var strains: [Double]
    /// Of a comparison: how far it is from either end.
    var evidence: Evidence?

    /// Evidence in both directions, each from 0 to 1.
    struct Evidence: Sendable, Equatable {
        var harm: Double
        var harmlessness: Double
        /// Both in numbers: `34 of 102, 1.8 of 20`.
        var text: String
        /// What would end a hold.
        var resolution: String?
    }
}

extension CheckGauge {
    init(_ check: Check, _ shown: RolloutView.CheckView, strains: [Double]) {
        let reading =
            check.isComparison
            ? shown.comparison?.against == "control" ? shown.shown : "\(shown.shown) (\(shown.shownLimit))"
            : "\(shown.shown) (\(check.limitWord) \(check.unit.text(shown.limit)))"
        self.init(
            name: shown.name,
            cause: shown.cause,
            reading: reading,
            samples: shown.samples,
            reason: shown.reason,
            strain: shown.comparison?.harm.progress ?? shown.value.flatMap(check.strain),
            strains: strains,
            evidence: shown.comparison.map { comparison in
                Evidence(
                    harm: comparison.harm.progress,
                    harmlessness: comparison.harmlessness.progress,
                    text: "\(comparison.harm.shown), \(comparison.harmlessness.shown)",
                    resolution: comparison.resolution
                )
            }
        )
        if shown.cause == .undecided, let finding = shown.comparison?.finding { reason = finding }
    }
}

extension Check {
    /// Whether evidence is gathered, and a value's limit is none that it may not cross.
    var isComparison: Bool {
        if case .comparison = rule { true } else { false }
    }

    /// Whether the limit is the largest healthy value; else it is the smallest.
    fileprivate var isCeiling: Bool {
        if case .query(let query) = rule, case .min = query.bound { false } else { true }
    }

    /// What the limit is, in a word.
    fileprivate var limitWord: String {
        switch rule {
        case .split: "of"
        case .comparison, .ceiling, .query: isCeiling ? "max" : "min"
        }
    }

    /// How much of the limit a value uses up: 0 is none, 1 all of it, more breaks it.
    ///
    /// Nil for a split: how far off it may be depends on how many clients there are. Nil for a comparison: a ratio
    /// says nothing without its evidence.
    func strain(of value: Double) -> Double? {
        guard let limit, !isComparison else { return nil }
        let isWithin = isCeiling ? value <= limit : value >= limit
        // Where a quotient says nothing: limits of zero, values below it.
        guard limit > 0, value >= 0 else { return isWithin ? 0 : 2 }
        let share = isCeiling ? value / limit : value > 0 ? limit / value : 2
        // A rounded quotient must not say otherwise than the comparison.
        return isWithin ? min(1, share) : max(1.000_001, share)
    }
}
