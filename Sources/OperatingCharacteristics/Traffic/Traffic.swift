package import Analysis

/// What one service counts in one rollout; the same for every rule that looks at it.
///
/// Every minute has a generator of its own, made from the rollout's seed, the minute and the step, so that two rules
/// see the same counts for as long as they have exposed the same share.
package struct Traffic: Sendable {
    package let cell: Cell
    package let scenario: Scenario
    private let seed: UInt64
    /// Where in the swing of its failures the rollout begins, in radians.
    private let phase: Double

    package init(_ cell: Cell, _ scenario: Scenario, seed: UInt64) {
        self.cell = cell
        self.scenario = scenario
        self.seed = seed
        var draws = Draws(seed: Draws.seed(seed, 0))
        phase = 2 * Double.pi * draws.unit()
    }

    /// One minute between two looks.
    package struct Minute: Sendable, Equatable {
        /// Nil where the metrics could not be read.
        package var counts: ComparedCounts?
        /// Requests that fail in it for the treatment's sake, on average.
        package var harm: Double
    }

    /// A minute of the rollout.
    ///
    /// - Parameters:
    ///   - minute: From 0 up.
    ///   - position: Where the rollout stands.
    /// - Returns: What is counted in it, and what it costs.
    package func minute(_ minute: Int, at position: Position) -> Minute {
        var draws = Draws(seed: Draws.seed(seed, UInt64(minute) + 1, UInt64(position.step)))
        let (control, treatment) = shares(minute, at: position)
        let kept = scenario.hasResets && draws.happens(Self.resets) ? draws.unit() : 1
        let exposed = cell.requestsPerLook * position.share
        let isLost = isLost(minute, &draws)
        // What is lost was never judged, but it failed all the same.
        let exposures = draws.poisson(mean: exposed * kept)
        let harm = (kept < 1 || isLost ? exposed : exposures) * (treatment - control)
        guard !isLost else { return Minute(counts: nil, harm: harm) }
        let counted = ComparedCounts(
            treatment: arm(exposures, failing: treatment, &draws),
            control: arm(
                draws.poisson(mean: cell.requestsPerLook * (1 - position.share) * kept),
                failing: control,
                &draws
            )
        )
        return Minute(counts: counted, harm: harm)
    }

    /// Requests that fail in a minute for the treatment's sake once everybody has it, on average.
    package func harmOfCompletion(in minute: Int, at position: Position) -> Double {
        let (control, treatment) = shares(minute, at: position)
        return cell.requestsPerLook * (treatment - control)
    }

    /// Whether both arms fail far more often than usual in a minute.
    package func isIncident(_ minute: Int, at position: Position) -> Bool {
        switch scenario.incident {
        case .none: false
        case .early: Self.incident.early.contains(minute)
        case .inLastStep: position.isLast && Self.incident.inStep.contains(position.looks)
        }
    }

    /// What the control counted in so many minutes before the rollout, oldest first.
    package func history(minutes: Int) -> [ArmCount] {
        // Numbers no minute of the rollout has.
        var draws = Draws(seed: Draws.seed(seed, .max))
        return (0..<minutes).map { _ in
            arm(draws.poisson(mean: cell.requestsPerLook), failing: cell.base, &draws)
        }
    }

    private static let resets = 0.05
    private static let losses = 0.10
    private static let blackout = 6..<15
    private static let incident = (early: 3..<13, inStep: 2..<12, factor: 10.0)
    private static let swingMinutes = 360.0
    private static let most = 0.95

    private func isLost(_ minute: Int, _ draws: inout Draws) -> Bool {
        switch scenario.outage {
        case .none: false
        case .gaps: draws.happens(Self.losses) || Self.blackout.contains(minute)
        case .always: true
        }
    }

    private func shares(_ minute: Int, at position: Position) -> (control: Double, treatment: Double) {
        var control = cell.base
        if scenario.swing > 0 {
            let angle = phase + 2 * Double.pi * Double(minute) / Self.swingMinutes
            control *= 1 + scenario.swing * Elementary.sine(angle)
        }
        if isIncident(minute, at: position) { control = min(control * Self.incident.factor, Self.most) }
        return (control, treatment(beside: control, minute, at: position))
    }

    private func treatment(beside control: Double, _ minute: Int, at position: Position) -> Double {
        switch scenario.regression {
        case .none: control
        case .times(let ratio): min(control * ratio, 1)
        case .share(let share): share
        case .ramp: min(control * (1 + 4 * min(1, Double(minute) / 30)), 1)
        case .late(let ratio): position.step > 0 ? min(control * ratio, 1) : control
        }
    }

    /// The failures among so many exposures.
    private func arm(_ exposures: Double, failing share: Double, _ draws: inout Draws) -> ArmCount {
        guard scenario.isBursty else {
            return ArmCount(exposures: exposures, failures: draws.binomial(of: exposures, share: share))
        }
        // A minute's own rate has a coefficient of variation of 0.3.
        let shape = 1 / 0.09
        let rate = draws.gamma(shape: shape) / shape
        let clusterMean = 5.0
        let clusters = draws.poisson(mean: exposures * share * rate / clusterMean)
        return ArmCount(
            exposures: exposures,
            failures: min(draws.clusterMembers(of: clusters, mean: clusterMean), exposures)
        )
    }
}
