import Analysis
import Rollout

/// How a comparison stands, for programs.
struct ComparisonView: Sendable, Equatable, Encodable {
    /// What was found in this step, in words.
    var finding: String
    /// Of this step.
    var treatment: CountView
    /// Absent where nobody is compared with.
    var control: CountView?
    /// `control`, `past` or `objective`.
    var against: String
    /// The share of failures that the treatment is held against for rolling back; absent for `control`.
    var baseline: Double?
    /// The share it must stay below for going on, where that is not the control's own.
    var allowance: Double?
    /// How many times as often as the control the treatment fails in this step.
    var ratio: Double?
    var leastRatio: Double?
    var largestRatio: Double?
    var harm: EvidenceView
    var harmlessness: EvidenceView
    /// This comparison's own evidence of harm.
    var ownHarm: Double
    /// How many comparisons share the evidence of harm: it is the mean of theirs.
    var sharing: Int
    var burstiness: Double
    /// Exposures of both arms; absent before any.
    var exposuresPerMinute: Double?
    var intervals: Int
    var intervalsNeeded: Int
    var samplesNeeded: Int
    /// What would end the hold; absent where nothing is held.
    var resolution: String?
    /// Until a harmless treatment is decided in this step at present traffic; absent where nobody can tell.
    var decidingSeconds: Double?
    /// Until a rollback, if it goes on like this; absent without noteworthy evidence of harm.
    var rollbackSeconds: Double?

    struct CountView: Sendable, Equatable, Encodable {
        var exposures: Double
        var failures: Double

        init(_ count: ArmCount) {
            (exposures, failures) = (count.exposures, count.failures)
        }
    }

    struct EvidenceView: Sendable, Equatable, Encodable {
        /// An e-value; more than 10¹² is given as 10¹².
        var reached: Double
        var needed: Double
        /// 0…1, on the scale of logarithms.
        var progress: Double
        /// Both as people read them: `34 of 102`.
        var shown: String

        init(_ level: EvidenceLevel) {
            reached = ComparisonView.eValue(level.reached)
            needed = ComparisonView.eValue(level.needed)
            progress = level.progress
            shown = level.text
        }
    }

    fileprivate static func eValue(_ logarithm: Double) -> Double { min(1e12, LogSum.exponential(logarithm)) }
}

extension ComparisonView {
    /// Held for `cause`, where the current step is expected to come to `forecast` at present traffic.
    init(_ standing: ComparisonStanding, _ cause: Cause?, _ forecast: StepForecast?, under policy: Policy) {
        finding = standing.finding
        treatment = CountView(standing.counts.treatment)
        harm = EvidenceView(standing.harm)
        harmlessness = EvidenceView(standing.harmlessness)
        ownHarm = Self.eValue(standing.ownHarm)
        (sharing, burstiness) = (standing.sharing, standing.burstiness)
        (intervals, intervalsNeeded) = (standing.looks, standing.looksNeeded)
        samplesNeeded = standing.samplesNeeded
        exposuresPerMinute = standing.traffic
        (ratio, leastRatio, largestRatio) = (standing.ratio, standing.leastRatio, standing.largestRatio)
        allowance = standing.allowance
        switch standing.against {
        case .control:
            against = "control"
            control = CountView(standing.counts.control)
        case .past(let share): (against, baseline) = ("past", share)
        case .objective(let share): (against, baseline, allowance) = ("objective", share, nil)
        }
        resolution = cause.flatMap { standing.resolution(of: $0, forecast, under: policy) }
        decidingSeconds = forecast?.deciding.seconds
        rollbackSeconds = standing.timeToRollBack(every: policy.interval)?.seconds
    }
}
