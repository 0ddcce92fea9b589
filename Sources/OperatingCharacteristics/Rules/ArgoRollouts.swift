package import Analysis

/// An Argo Rollouts analysis in each step, as its documentation has it: one metric with a `successCondition`.
///
/// `interval: 60s`, `count: 10`, `successCondition: result[0] < 0.01` on the treatment's share of failures over five
/// minutes. A measurement that misses the condition is failed, NaN (0/0) too; the analysis fails with more failed ones
/// than `failureLimit`. An empty result is an error: asked again after 10 seconds, it aborts the rollout with the fifth
/// in a row, and errors do not count as measurements. With `count` good ones the step is passed. Each step's analysis
/// begins anew.
package struct ArgoRollouts: RolloutRule {
    private let failureLimit: Int
    private var window = TrailingWindow()
    private var failed = 0
    private var measured = 0
    private var errorsInARow = 0

    package init(failureLimit: Int) {
        self.failureLimit = failureLimit
    }

    private static let most = 0.01
    private static let count = 10
    private static let consecutiveErrorLimit = 4
    private static let retriesPerMinute = 6

    package mutating func begin(_ position: Position) { (failed, measured, errorsInARow) = (0, 0, 0) }

    package mutating func look(at counts: ComparedCounts?) -> RuleDecision {
        window.append(counts)
        guard let treatment = window.sum?.treatment else {
            errorsInARow += Self.retriesPerMinute
            return errorsInARow > Self.consecutiveErrorLimit ? .rollBack : .hold
        }
        errorsInARow = 0
        measured += 1
        // No share is NaN, which no comparison holds for.
        if !(treatment.share.map { $0 < Self.most } ?? false) { failed += 1 }
        if failed > failureLimit { return .rollBack }
        return measured >= Self.count ? .advance : .hold
    }
}
