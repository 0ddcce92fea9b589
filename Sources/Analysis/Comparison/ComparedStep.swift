/// One exposure level as a comparison sees it: what is compared with what, and what was counted.
package struct ComparedStep: Sendable, Equatable, Codable {
    /// δ of what counts as harmful in this step.
    package var addition: Double
    /// What the treatment's share is held against instead of the control's, for rolling back.
    package var rollbackBaseline: Double?
    /// The same for promoting.
    package var promotionBaseline: Double?
    /// How many exposures of the treatment go with one of the control; 0 where there is no control.
    package var expectedRatio: Double
    /// Whether the rollout ends with it.
    package var isLast: Bool

    /// Looks that were counted.
    package internal(set) var looks = 0
    /// Those that began after the clients had settled, and so may promote.
    package internal(set) var settledLooks = 0
    package internal(set) var counts = ComparedCounts()
    package internal(set) var silence = Silence()

    init(
        addition: Double,
        rollbackBaseline: Double? = nil,
        promotionBaseline: Double? = nil,
        expectedRatio: Double,
        isLast: Bool
    ) {
        self.addition = addition
        self.rollbackBaseline = rollbackBaseline
        self.promotionBaseline = promotionBaseline
        self.expectedRatio = expectedRatio
        self.isLast = isLast
    }
}

/// What is known of a step when it begins.
package struct StepOutlook: Sendable, Equatable {
    /// The share of clients that has the treatment, above 0, at most 1; nil where nobody knows.
    package var share: Double?
    /// Exposures of the treatment at the next step, in the harm budget's unit of time; nil where nobody knows.
    package var nextExposures: Double?
    /// Whether some clients keep the control.
    package var hasControl: Bool
    package var isLast: Bool
    /// The share of failures that is promised, where that is what counts instead of a control.
    package var objective: Double?

    package init(
        share: Double?,
        nextExposures: Double?,
        hasControl: Bool = true,
        isLast: Bool = false,
        objective: Double? = nil
    ) {
        self.share = share
        self.nextExposures = nextExposures
        self.hasControl = hasControl
        self.isLast = isLast
        self.objective = objective
    }
}
