/// Wealth that is bet at every look on several alternatives at once, with a reserve for those that begin late.
///
/// Starting from 1, it stays a supermartingale: what is spent from the reserve at a look is decided before that look.
/// Without restarts, good history would have to be unlearned before a late regression could show.
package struct RestartedMixture: Sendable, Equatable, Codable {
    /// For each alternative; empty before the first look.
    package private(set) var logWealth: [Double] = []
    /// What was never bet; 1 at the beginning.
    package private(set) var reserve = 1.0

    package init() {}

    /// Bets at one more look.
    ///
    /// - Parameters:
    ///   - part: How much of the reserve is added before this look, 0…1; above 0 at the first.
    ///   - alternatives: What it is shared out by.
    ///   - evidence: The logarithm of this look's e-value against each alternative's null.
    package mutating func bet(
        spending part: Double,
        on alternatives: [Alternative],
        evidence: (Alternative) -> Double
    ) {
        if logWealth.isEmpty { logWealth = alternatives.map { _ in -.infinity } }
        let spent = part * reserve
        reserve -= spent
        for (index, alternative) in alternatives.enumerated() where index < logWealth.count {
            let stake = spent * alternative.weight
            let logStake = stake > 0 ? SpecialFunctions.logarithm(stake) : -.infinity
            logWealth[index] = LogSum.of(logWealth[index], logStake) + evidence(alternative)
        }
    }

    /// Gives away what was won, and keeps what was lost: a supermartingale stays one.
    mutating func forgetGains() {
        let gained = max(0, logEvidence)
        logWealth = logWealth.map { $0 - gained }
        reserve *= SpecialFunctions.exponential(-gained)
    }

    /// Everything bet and kept, as a logarithm: 0 at the beginning.
    package var logEvidence: Double {
        let kept = reserve > 0 ? SpecialFunctions.logarithm(reserve) : -.infinity
        return LogSum.of(LogSum.of(logWealth), kept)
    }

    package var hasBet: Bool { !logWealth.isEmpty }
}

/// A ratio that evidence is looked for at, and its part in the mixture.
package struct Alternative: Sendable, Equatable, Codable {
    /// Above 0, in multiples of the null's own ratio.
    package var ratio: Double
    /// Above 0; the weights of a mixture add up to 1.
    package var weight: Double

    package init(ratio: Double, weight: Double) {
        self.ratio = ratio
        self.weight = weight
    }
}

extension [Alternative] {
    /// Alternatives of equal weights.
    package static func even(_ ratios: [Double]) -> [Alternative] {
        ratios.map { Alternative(ratio: $0, weight: 1 / Double(ratios.count)) }
    }
}
