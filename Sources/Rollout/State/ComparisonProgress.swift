package import Analysis
import Assignment

/// What a comparison has gathered in the whole rollout.
package struct ComparisonProgress: Sendable, Equatable, Codable {
    package var test: SequentialComparison
    /// Exposures of both arms a minute, lately; nil before any.
    package var traffic: Double?

    package init(test: SequentialComparison, traffic: Double? = nil) {
        self.test = test
        self.traffic = traffic
    }

    /// The burstiness that is assumed where history has too few failures to tell.
    package static let cautiousDispersion = 3.0
    /// How many failures history needs to tell burstiness.
    package static let tellingFailures = 20.0

    /// Begins without history.
    package static let unknown = ComparisonProgress(
        test: SequentialComparison(dispersionPrior: cautiousDispersion)
    )

    /// Begins with what the control counted before the rollout.
    package init(_ history: ControlHistory) {
        let known = history.intervals.filter { $0.exposures > 0 }
        let total = known.reduce(ArmCount(), +)
        let prior =
            total.failures >= Self.tellingFailures
            ? Dispersion.prior(from: history.intervals) : Self.cautiousDispersion
        test = SequentialComparison(dispersionPrior: prior, history: total, over: known.count)
        let minutes = Double(known.count) * history.interval.seconds / 60
        traffic = minutes > 0 ? total.exposures / minutes : nil
    }

    /// Takes the exposures of one more interval into account.
    package mutating func observe(_ exposures: Double, in interval: Span) {
        guard interval > .zero else { return }
        let rate = exposures / (interval.seconds / 60)
        // The newest tenth: a few intervals' chance is smoothed, the hour of the day is followed.
        traffic = traffic.map { $0 + 0.1 * (rate - $0) } ?? rate
    }
}

/// What the control counted before a rollout, interval by interval.
package struct ControlHistory: Sendable, Equatable {
    /// Oldest first; without exposures where nothing was counted.
    package var intervals: [ArmCount]
    package var interval: Span
    /// Why there are no intervals; nil where they were counted.
    package var missing: String?

    package init(intervals: [ArmCount], interval: Span) {
        self.intervals = intervals
        self.interval = interval
    }

    /// None, and why.
    package init(missing: String, interval: Span) {
        self.init(intervals: [], interval: interval)
        self.missing = missing
    }
}

extension RolloutState {
    /// A fresh start of the step's evidence at a moment, with what comparisons know of the whole rollout.
    ///
    /// - Parameters:
    ///   - now: When the step begins.
    ///   - former: What was gathered so far.
    /// - Returns: Comparisons begin a step at what is confirmed; those that now measure something else begin anew.
    package func beginning(at now: Timestamp, after former: StepProgress) -> StepProgress {
        var fresh = StepProgress.beginning(at: now, checks: policy.checks)
        for (index, check) in policy.checks.enumerated() {
            guard case .comparison(let comparison) = check.rule else { continue }
            var progress = former.checks.first { $0.name == check.name }?.comparison ?? .unknown
            progress.test.begin(
                outlook(of: comparison, traffic: progress.traffic),
                under: comparison.settings(under: policy.comparisons)
            )
            fresh.checks[index].comparison = progress
        }
        return fresh
    }

    private func outlook(of comparison: Comparison, traffic: Double?) -> StepOutlook {
        policy.outlook(of: comparison, at: confirmed.exposure, before: nextStep, traffic: traffic)
    }
}

extension Policy {
    /// What a comparison knows of a step when it begins.
    ///
    /// - Parameters:
    ///   - comparison: Which one.
    ///   - exposure: Of the step.
    ///   - next: The index of the step that follows; nil for the last one.
    ///   - traffic: Exposures of both arms a minute; nil where nobody knows.
    /// - Returns: Whether there is a control, and what a failure a minute would come to.
    func outlook(
        of comparison: Comparison,
        at exposure: Percentage,
        before next: Int?,
        traffic: Double?
    ) -> StepOutlook {
        let nextExposure = next.map { self.exposure(of: steps[$0]) } ?? finalExposure
        let nextShare = algorithm.treatedShare(at: max(nextExposure, exposure))
        let share = algorithm.treatedShare(at: exposure)
        return StepOutlook(
            share: share,
            nextExposures: traffic.map { $0 * nextShare },
            hasControl: comparison.hasControl && share < 1,
            isLast: next == nil,
            objective: comparison.objective
        )
    }
}
