extension Expectation {
    /// The fewest looks that any test needs on average to show that the share of failures is on one side of `limit`.
    ///
    /// ln(1/error) / n·KL(p‖limit): for an objective, or a baseline from the past.
    ///
    /// - Parameters:
    ///   - count: Exposures of a look, and how many of them fail on average.
    ///   - side: Whether it is to be shown that the share is below the limit, or above it.
    ///   - limit: 0…1.
    ///   - error: Above 0, below 1.
    /// - Returns: Infinity where the share is not on that side.
    package static func fewestLooks(
        toShow count: ArmCount,
        _ side: ShareSide,
        _ limit: Double,
        error: Double
    ) -> Double {
        guard let share = count.share, side == .below ? share < limit : share > limit else {
            return .infinity
        }
        let information = count.exposures * Proportion.divergence(share, from: limit)
        return information > 0 ? SpecialFunctions.logarithm(1 / error) / information : .infinity
    }

    /// On which side of a limit a share is.
    package enum ShareSide: Sendable, Equatable {
        case below
        case above
    }
}
