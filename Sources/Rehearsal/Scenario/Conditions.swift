import Assignment
import Rollout

/// A scenario held against one policy: what the world is like at each moment of one rollout.
///
/// Pure: the same question has the same answer, whenever it is asked.
struct Conditions: Sendable, Equatable {
    let scenario: Scenario
    let policy: Policy
    /// When the rollout starts.
    let start: Timestamp
    /// The strictest limit of any check on failures: one service is measured by all of them.
    private let strictestLimit: Double
    /// See ``failingRatio(under:limit:exposing:)``.
    let failingRatio: Double

    init(scenario: Scenario, policy: Policy, start: Timestamp) {
        self.scenario = scenario
        self.policy = policy
        self.start = start
        let limits = policy.ceilings.map(\.limit) + policy.comparisonChecks.compactMap(\.comparison.objective)
        strictestLimit = limits.min() ?? Self.limitOfNone
        failingRatio = Self.failingRatio(
            under: policy,
            limit: strictestLimit,
            exposing: scenario.failingStep(of: policy).map { policy.exposure(of: $0) } ?? .hundred
        )
    }

    /// The middle of the first step's bake; its beginning where the bake is so short that its last tick might judge
    /// what was before the middle.
    private var halfway: Timestamp {
        let half = Span(milliseconds: (policy.steps.first?.bake.milliseconds ?? 0) / 2)
        return half >= policy.interval + policy.metrics.lag ? start + half : start
    }
}

// MARK: Traffic and failures

extension Conditions {
    /// Stands in where no check has a limit for failures: a healthy service then fails at 0.5 %.
    private static let limitOfNone = 0.025
    /// How much of the limit chance may use up before it is cut off.
    private static let mostByChance = 0.95

    /// The traffic of both variants together.
    func requestsPerSecond(at moment: Timestamp) -> Double {
        scenario.trouble == .noTraffic && moment > halfway ? 0 : scenario.requestsPerSecond
    }

    /// The probability that a request fails whatever its variant, and the largest share that may fail by chance.
    func baseline(at moment: Timestamp) -> (ratio: Double, most: Double) {
        let ratio = min(1, strictestLimit * baselineShare(at: moment))
        return (ratio, isIncident(at: moment) ? 1 : strictestLimit * Self.mostByChance)
    }

    /// How near the service is to its limits: from 0 to 1, more during an incident.
    private func baselineShare(at moment: Timestamp) -> Double {
        switch scenario.baseline {
        case .steady(let share): return share
        case .incident(let share, let times): return isIncident(at: moment) ? share * times : share
        case .wandering(let range):
            let period = Double(policy.interval.milliseconds) * 7
            let position = Double((moment - start).milliseconds) / period
            // A triangle: from 0 up to 1 and down again within a period.
            let height = 1 - (2 * (position - position.rounded(.down)) - 1).magnitude
            return range.lowerBound + height * (range.upperBound - range.lowerBound)
        }
    }

    /// Whether clients of both variants fare worse at a moment.
    ///
    /// Long enough to be seen by whatever looks only once readers have settled, and then again.
    private func isIncident(at moment: Timestamp) -> Bool {
        guard case .incident = scenario.baseline else { return false }
        let length = policy.interval * Self.intervalsOfIncident + policy.settle + policy.metrics.lag
        return moment > halfway && moment <= halfway + length
    }

    private static let intervalsOfIncident: Int64 = 10

    /// Whether clients with the treatment fare worse while this share of clients has it.
    func isTreatmentFailing(exposing share: Percentage) -> Bool {
        scenario.failingStep(of: policy).map { share >= policy.exposure(of: $0) } ?? false
    }

    /// The probability that a request with the treatment fails while the treatment fails.
    ///
    /// The smallest that one of the ceilings is certain to see in the first failing step, at this share: several times
    /// its limit in what it counts, and many failures among the fewest samples it judges on. And so many that every
    /// comparison sees it: several times its objective, or what the control fails at. 1 where no check can.
    private static func failingRatio(
        under policy: Policy,
        limit: Double,
        exposing share: Percentage
    ) -> Double {
        /// What must fail with the treatment so that a share fails of what an arm's counters count.
        func needed(_ seen: Double, in arm: Arm) -> Double? {
            switch arm {
            case .treatment: seen
            case .both: seen * 100 / share.percent
            case .control: nil
            }
        }
        let ceilings = policy.ceilings.compactMap { ceiling in
            let samples = Double(max(ceiling.minimumSamples, Ceiling.defaultMinimumSamples))
            let seen = max(3 * ceiling.limit, ceiling.limit + 15 / samples)
            return needed(seen, in: Arm(selector: ceiling.failures, policy.variants))
        }
        let comparisons = policy.comparisonChecks.compactMap { _, comparison in
            let seen = comparison.objective.map { 3 * $0 } ?? 10 * limit * Scenario.healthyShare
            return needed(seen, in: comparison.counted(as: .treatment, policy.variants))
        }
        let all = [ceilings.min(), comparisons.max()].compactMap(\.self)
        return min(1, all.max() ?? 1)
    }
}

extension Comparison {
    /// Whose requests the selectors of one of its arms count: a comparison with an objective may count everybody.
    func counted(as arm: ComparedArm, _ variants: Variants) -> Arm {
        guard measure.namesVariant else {
            let selectors = counters(of: arm, variants).map(\.1)
            return selectors.map { Arm(selector: $0, variants) }.first { $0 != .both } ?? .both
        }
        return arm == .treatment ? .treatment : .control
    }
}

extension ComparisonMeasure {
    /// Whether it counts one variant's clients, whichever label says so.
    fileprivate var namesVariant: Bool {
        switch self {
        case .failures(let selector, let exposures):
            selector.contains(Split.variantWord) || exposures.contains(Split.variantWord)
        case .slow(let histogram, _): histogram.contains(Split.variantWord)
        }
    }
}

extension Scenario {
    /// The first step at which the treatment fails; nil where it never does.
    fileprivate func failingStep(of policy: Policy) -> Step? {
        guard case .failing(let index) = treatment, !policy.steps.isEmpty else { return nil }
        return policy.steps[min(max(0, index), policy.steps.count - 1)]
    }
}

extension Policy {
    /// The checks on failures.
    var ceilings: [Ceiling] {
        checks.compactMap { check in
            if case .ceiling(let ceiling) = check.rule { ceiling } else { nil }
        }
    }
}

// MARK: The metrics

extension Conditions {
    /// Why a question asked at `now` has no answer; nil while it has.
    func silence(at now: Timestamp) -> Outcome? {
        let away = Outcome.unreachable(message: "metrics unreachable")
        switch scenario.trouble {
        case .none, .noTraffic: return nil
        case .unreachable: return now > halfway ? away : nil
        case .empty: return now > halfway ? .noData : nil
        case .flapping: return isAway(at: now) ? away : nil
        }
    }

    /// Away for two ticks of every four, the second first; for one only where two in a row would be too long for
    /// the policy.
    private func isAway(at now: Timestamp) -> Bool {
        let interval = max(1, policy.interval.milliseconds)
        let length: Int64 = policy.deadlines.blind.after > policy.interval * 2 ? 2 : 1
        let tick = (now - start).milliseconds / interval
        guard tick > 0 else { return false }
        return (1...length).contains((tick - 1) % (length + 2))
    }

    /// What a query yields.
    ///
    /// - Parameters:
    ///   - query: Judged by its bound; its expression means nothing here.
    ///   - share: How many clients have the treatment at that moment.
    ///   - moment: The moment asked about.
    ///   - random: For the noise.
    /// - Returns: Well within the bound, near it where the scenario says so, or beyond it.
    func value(
        of query: Query,
        exposing share: Percentage,
        at moment: Timestamp,
        _ random: inout SplitMix64
    ) -> Double {
        let limit = query.bound.limit
        let distance: Double
        if isTreatmentFailing(exposing: share) || isIncident(at: moment) {
            let size = limit == 0 ? 1 : limit.magnitude
            distance = size * random.number(in: 0.5...1)
        } else {
            let room = (1 - baselineShare(at: moment)) * random.number(in: 0.5...0.7)
            distance = -limit.magnitude * room
        }
        let value =
            switch query.bound {
            case .max: limit + distance
            case .min: limit - distance
            }
        // A ratio stays one, unless its limit is none either.
        return query.unit == .ratio ? min(max(value, 0), max(1, limit)) : value
    }
}
