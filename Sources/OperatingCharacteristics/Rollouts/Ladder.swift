/// The steps of a rollout, and how long it is watched.
package struct Ladder: Sendable {
    /// The treatment's share of clients at each step, rising, each above 0 and below 1.
    package var shares: [Double]
    /// Looks after which a rollout that still goes on is left alone.
    package var looks: Int
    /// Whether the rollout stays at its first step whatever a rule says, and only a rollback ends it.
    package var isHeld = false

    /// 10, 50 and 100 %, over four hours at most.
    ///
    /// At the last step 5 % keep the control until the verdict.
    package static let whole = Ladder(shares: [0.10, 0.50, 0.95], looks: 240)

    /// 10 %, for as long as it takes.
    package static func held(looks: Int) -> Ladder { Ladder(shares: [0.10], looks: looks, isHeld: true) }
}

/// Where a rollout stands.
package struct Position: Sendable, Equatable {
    /// From 0 up.
    package var step: Int
    /// The treatment's share of clients.
    package var share: Double
    /// The share that the next step leads to.
    package var nextShare: Double
    package var isLast: Bool
    /// Looks at this step so far.
    package var looks = 0
}

extension Ladder {
    /// The beginning of a step; nil after the last.
    package func position(at step: Int) -> Position? {
        guard shares.indices.contains(step) else { return nil }
        if isHeld { return Position(step: step, share: shares[step], nextShare: 0.5, isLast: false) }
        // What is held back at the last step gets the treatment in the end.
        let nextShare = step + 1 < shares.count - 1 ? shares[step + 1] : 1
        return Position(
            step: step,
            share: shares[step],
            nextShare: nextShare,
            isLast: step == shares.count - 1
        )
    }
}
