package import Analysis

/// What many write by hand: the treatment may fail at most so many times as often as the control over five minutes.
///
/// Ten minutes a step; the first breach rolls back. Without exposures in either arm there is nothing to compare.
package struct FixedRatio: RolloutRule {
    private let most: Double
    private var window = TrailingWindow()
    private var looks = 0

    package init(most: Double) {
        self.most = most
    }

    private static let bake = 10

    package mutating func begin(_ position: Position) { looks = 0 }

    package mutating func look(at counts: ComparedCounts?) -> RuleDecision {
        window.append(counts)
        looks += 1
        if let sum = window.sum, let treatment = sum.treatment.share, let control = sum.control.share,
            treatment > most * control
        {
            return .rollBack
        }
        return looks >= Self.bake ? .advance : .hold
    }
}
