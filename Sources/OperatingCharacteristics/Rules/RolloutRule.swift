package import Analysis

/// A way to decide on a rollout from what is counted minute by minute; its value is what it remembers of one rollout.
package protocol RolloutRule: Sendable {
    /// A step has been published.
    mutating func begin(_ position: Position)

    /// One more minute has passed.
    ///
    /// - Parameter counts: Of this minute alone; nil where the metrics could not be read.
    /// - Returns: What is done at once.
    mutating func look(at counts: ComparedCounts?) -> RuleDecision
}

/// What a rule wants after a look.
package enum RuleDecision: Sendable, Equatable {
    case hold
    /// The next step; after the last, everybody.
    case advance
    /// Everybody, at once.
    case complete
    case rollBack
}

/// A rule with its name, to be begun anew for every rollout.
package struct Candidate: Sendable {
    package var name: String
    /// What it does, in one line.
    package var meaning: String
    /// Whether it holds the treatment against the control, and not against a constant.
    package var isRelative: Bool
    /// The rule as it begins a rollout of this traffic.
    package var rule: @Sendable (Traffic) -> any RolloutRule
}

extension Candidate {
    /// The product's own test with its default settings, after an hour of history.
    package static let tidegate = Candidate(
        name: "Tidegate",
        meaning: "a comparison with default settings, after 1 hour of history",
        isRelative: true
    ) { ComparisonRule($0, history: .hour) }

    /// The same after as much history as a rollout asks for.
    package static let tidegateAfterADay = Candidate(
        name: "Tidegate, 24 h",
        meaning: "the same after 24 hours of history, which a rollout asks for at its start",
        isRelative: true
    ) { ComparisonRule($0, history: .day) }

    /// All that are compared, Tidegate first.
    package static let all = [
        tidegate,
        tidegateAfterADay,
        Candidate(
            name: "script, as written",
            meaning: "the bash script that Tidegate replaces: curl refuses its query",
            isRelative: false
        ) { _ in MigrationScript(asks: false) },
        Candidate(
            name: "script, query mended",
            meaning:
                "the same with a query that is answered: more than 0.01 failures a second, looked at twice",
            isRelative: false
        ) { _ in MigrationScript(asks: true) },
        Candidate(
            name: "fixed ratio",
            meaning: "over 5 minutes the treatment fails more than twice as often as the control",
            isRelative: true
        ) { _ in FixedRatio(most: 2) },
        Candidate(
            name: "Argo Rollouts",
            meaning: "1 % of failures over 5 minutes, 10 measurements a step, `failureLimit: 0`",
            isRelative: false
        ) { _ in ArgoRollouts(failureLimit: 0) },
        Candidate(
            name: "Argo Rollouts, limit 3",
            meaning: "the same with `failureLimit: 3`",
            isRelative: false
        ) { _ in ArgoRollouts(failureLimit: 3) },
        Candidate(
            name: "Flagger",
            meaning: "99 % of successes in a minute, `threshold: 5`",
            isRelative: false
        ) { _ in Flagger(threshold: 5) },
        Candidate(
            name: "Kayenta",
            meaning: "Mann–Whitney test of a step's minutes, every 10 of 30",
            isRelative: true
        ) { _ in Kayenta() },
    ]
}
