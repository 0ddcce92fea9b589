package import Analysis

/// A Flagger canary analysis, as its documentation has it: `request-success-rate` with `min: 99` over a minute.
///
/// `interval: 1m`, `threshold: 5`. A minute without values is a failed check like any other. Failed checks are only ever
/// added up, over all steps, and good ones in between take none away. The threshold is looked at before the next
/// minute's checks, so the rollback comes one interval after the check that caused it. Ten good checks pass a step.
package struct Flagger: RolloutRule {
    private let threshold: Int
    private var failedChecks = 0
    private var goodChecks = 0

    package init(threshold: Int) {
        self.threshold = threshold
    }

    private static let least = 0.99
    private static let goodChecksPerStep = 10

    package mutating func begin(_ position: Position) { goodChecks = 0 }

    package mutating func look(at counts: ComparedCounts?) -> RuleDecision {
        if failedChecks >= threshold { return .rollBack }
        guard let treatment = counts?.treatment, treatment.exposures > 0,
            treatment.exposures - treatment.failures >= Self.least * treatment.exposures
        else {
            failedChecks += 1
            return .hold
        }
        goodChecks += 1
        return goodChecks >= Self.goodChecksPerStep ? .advance : .hold
    }
}
