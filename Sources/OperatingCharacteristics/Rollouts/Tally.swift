/// What came of many rollouts under one rule, in one scenario and one cell.
package struct Tally: Sendable, Equatable {
    package private(set) var runs = 0
    package private(set) var rolledBack = 0
    package private(set) var promoted = 0
    package private(set) var raisedInIncident = 0
    private var harm = 0.0
    /// How many rollbacks, and promotions, came with each look.
    private var rollbackLooks: [Int: Int] = [:]
    private var promotionLooks: [Int: Int] = [:]

    package init() {}

    package mutating func count(_ course: RolloutCourse) {
        runs += 1
        harm += course.harm
        if course.isRaisedInIncident { raisedInIncident += 1 }
        switch course.end {
        case .rolledBack:
            rolledBack += 1
            rollbackLooks[course.looks, default: 0] += 1
        case .promoted:
            promoted += 1
            promotionLooks[course.looks, default: 0] += 1
        case .held: break
        }
    }

    package static func + (one: Tally, other: Tally) -> Tally {
        var sum = one
        sum.runs += other.runs
        sum.rolledBack += other.rolledBack
        sum.promoted += other.promoted
        sum.harm += other.harm
        sum.raisedInIncident += other.raisedInIncident
        sum.rollbackLooks.merge(other.rollbackLooks, uniquingKeysWith: +)
        sum.promotionLooks.merge(other.promotionLooks, uniquingKeysWith: +)
        return sum
    }

    package var rollbackShare: Double { share(rolledBack) }
    package var promotionShare: Double { share(promoted) }
    package var incidentRaiseShare: Double { share(raisedInIncident) }
    package var meanHarm: Double { runs > 0 ? harm / Double(runs) : 0 }
    /// Nil where nothing was rolled back.
    package var medianRollbackLook: Int? { Self.median(of: rollbackLooks) }
    /// Nil where nothing was promoted.
    package var medianPromotionLook: Int? { Self.median(of: promotionLooks) }
    /// Nil where nothing was rolled back.
    package var meanRollbackLook: Double? {
        guard rolledBack > 0 else { return nil }
        let sum = rollbackLooks.reduce(0) { $0 + $1.key * $1.value }
        return Double(sum) / Double(rolledBack)
    }

    private func share(_ count: Int) -> Double { runs > 0 ? Double(count) / Double(runs) : 0 }

    /// The lower one of two in the middle.
    private static func median(of counts: [Int: Int]) -> Int? {
        let total = counts.values.reduce(0, +)
        var seen = 0
        for (look, count) in counts.sorted(by: { $0.key < $1.key }) {
            seen += count
            if 2 * seen >= total { return look }
        }
        return nil
    }
}
