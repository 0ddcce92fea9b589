package import Analysis

/// A Kayenta canary judgement of one critical metric, the share of failures minute by minute.
///
/// Judged after 10, 20 and 30 minutes of a step on all of its minutes; passed after the third. Minutes without exposures
/// are no data; an arm without any scores 0, which fails. The metric is High, and fails, where the whole confidence
/// interval of the shift is above a quarter of the shift's estimate.
package struct Kayenta: RolloutRule {
    private var treatment: [Double] = []
    private var control: [Double] = []
    private var looks = 0

    package init() {}

    private static let (interval, minutes) = (10, 30)
    private static let tolerance = 0.25

    package mutating func begin(_ position: Position) { self = Kayenta() }

    package mutating func look(at counts: ComparedCounts?) -> RuleDecision {
        looks += 1
        if let share = counts?.treatment.share { treatment.append(share) }
        if let share = counts?.control.share { control.append(share) }
        guard looks.isMultiple(of: Self.interval) else { return .hold }
        if isHigh { return .rollBack }
        return looks >= Self.minutes ? .advance : .hold
    }

    private var isHigh: Bool {
        guard !treatment.isEmpty, !control.isEmpty else { return true }
        guard let shift = MannWhitney.shift(of: treatment, from: control) else { return false }
        return shift.lower > Self.tolerance * abs(shift.estimate)
    }
}
