/// How much more failures scatter than independent ones would: φ, 1 where they are independent.
///
/// Evidence is divided by it. By Jensen's inequality that never makes it less safe, and where independent clients
/// contribute at most φ failures each to a look it is exactly what makes it safe.
package struct Dispersion: Sendable, Equatable, Codable {
    /// What history says, 1 or more.
    package let prior: Double
    /// How many looks of history that was learnt from.
    package let priorLooks: Int
    /// Σ (z_t − z_{t−1})² / 2 of the looks so far.
    package private(set) var squares = 0.0
    package private(set) var count = 0
    private var lastDeviation: Double?

    /// Begins with what history says; where there is none, `looks` is as many as make a poor guess.
    package init(prior: Double, looks: Int = Self.fewLooks) {
        self.prior = prior
        priorLooks = max(1, looks)
    }

    /// An hour, a look a minute.
    package static let fewLooks = 60

    /// Learns from one look: its failures and how they fell to the arms, beside how they fall on the whole.
    ///
    /// - Parameters:
    ///   - counts: Of this look; without a failure it says nothing.
    ///   - totals: Of all looks so far, this one included.
    mutating func learn(from counts: ComparedCounts, totals: ComparedCounts) {
        let failures = counts.treatment.failures + counts.control.failures
        guard failures > 0, counts.control.exposures > 0, counts.treatment.exposures > 0 else { return }
        // Half a failure more, as in Jeffreys' prior: the ratio is finite from the first look on.
        let ratio =
            ((totals.treatment.failures + 0.5) / totals.treatment.exposures)
            / ((totals.control.failures + 0.5) / totals.control.exposures)
        let weighted = counts.treatment.exposures * ratio
        let all = weighted + counts.control.exposures
        let treated = weighted / all
        let excess =
            (counts.treatment.failures * counts.control.exposures - counts.control.failures * weighted) / all
        let deviation = excess / (failures * treated * (counts.control.exposures / all)).squareRoot()
        if let last = lastDeviation {
            squares += 0.5 * (deviation - last) * (deviation - last)
            count += 1
        }
        lastDeviation = deviation
    }
}

extension Dispersion {
    /// What history of one arm says, from the successive differences of its shares (von Neumann 1941), which slow
    /// drift leaves alone.
    ///
    /// - Parameter history: Consecutive intervals of the same length; those without exposures are left out.
    /// - Returns: 1…200; 1 where nothing failed.
    package static func prior(from history: [ArmCount]) -> Double {
        let known = history.filter { $0.exposures > 0 }
        let total = known.reduce(ArmCount(), +)
        guard known.count > 1, let share = total.share, share > 0 else { return range.lowerBound }
        guard share < 1 else { return range.lowerBound }
        let sum = zip(known, known.dropFirst()).reduce(0.0) { sum, pair in
            let (before, after) = pair
            let step = after.failures / after.exposures - before.failures / before.exposures
            return sum + step * step
                / (share * (1 - share) * (1 / before.exposures + 1 / after.exposures))
        }
        return (sum / Double(known.count - 1)).clamped(to: range)
    }

    static let range = 1.0...200.0
}

extension Double {
    func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
