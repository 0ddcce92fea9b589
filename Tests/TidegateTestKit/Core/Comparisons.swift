package import Analysis
import Assignment
package import Rollout

extension Check {
    /// Client minutes that failed, of the treatment against the control.
    package static let clientFailures = compared("client-failures")

    /// A comparison of some name.
    package static func compared(_ name: String, _ change: (inout Comparison) -> Void = { _ in }) -> Check {
        var comparison = Comparison(
            measure: .failures(
                selector: #"client_minutes_failed_total{variant="$variant"}"#,
                exposures: #"client_minutes_total{variant="$variant"}"#
            )
        )
        change(&comparison)
        return Check(name: name, rule: .comparison(comparison))
    }
}

extension ControlHistory {
    /// A day of minutes, each alike: failures as independent of each other as can be.
    package static func steady(exposures: Double = 1_200, failing: Double = 0.005, minutes: Int = 1_440)
        -> ControlHistory
    {
        ControlHistory(
            intervals: Array(
                repeating: ArmCount(exposures: exposures, failures: exposures * failing),
                count: minutes
            ),
            interval: .minutes(1)
        )
    }
}

extension RolloutState {
    /// This state as if its step had begun at new year after a day of the control's history.
    package func knowing(_ history: ControlHistory = .steady()) -> RolloutState {
        var former = StepProgress()
        former.checks = policy.comparisonChecks.map { check in
            var progress = CheckProgress(name: check.name, through: .newYear)
            progress.comparison = ComparisonProgress(history)
            return progress
        }
        var state = self
        state.progress = beginning(at: .newYear, after: former)
        return state
    }

    /// This state after a tick a minute in some weather, the last `count` minutes after new year.
    package func living(_ weather: Weather, minutes count: Int) -> RolloutState {
        ticking((0..<count).map { (weather, .minutes(Int64($0 + 1))) }).last?.state ?? self
    }
}

extension Weather {
    /// Exposures and failures of both arms in every interval.
    package static func arms(treatment: ArmCount, control: ArmCount) -> Weather {
        Weather { question in
            let number =
                switch question.role {
                case .treatmentFailures: treatment.failures
                case .treatmentExposures: treatment.exposures
                case .controlFailures: control.failures
                case .controlExposures: control.exposures
                case .treatmentInTime: treatment.exposures - treatment.failures
                case .controlInTime: control.exposures - control.failures
                case .failures: treatment.failures + control.failures
                case .exposures: treatment.exposures + control.exposures
                case .treatment, .control, .value: 0.05
                }
            return .value(Reading(value: number, newestSample: question.through))
        }
    }
}
