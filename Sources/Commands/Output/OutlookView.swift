import Assignment
import Rollout

/// How long a healthy rollout is expected to take and what it can find, for programs.
struct OutlookView: Sendable, Equatable, Encodable {
    /// Whether the traffic is assumed; else it was seen.
    var isAssumed: Bool
    /// Of all steps that are still to be passed; absent where a step is never passed.
    var seconds: Double?
    var steps: [StepView]
    var checks: [CheckView]
    var warnings: [WarningView]

    struct StepView: Sendable, Equatable, Encodable {
        /// From 1.
        var number: Int
        var exposure: Percentage
        /// Absent for never.
        var seconds: Double?
    }

    struct CheckView: Sendable, Equatable, Encodable {
        var name: String
        /// Of both arms together.
        var exposuresPerMinute: Double
        /// 0…1.
        var failingShare: Double
        /// What evidence is divided by; 1 where failures are independent of each other.
        var burstiness: Double
        var objective: Double?
        var steps: [ForecastView]
    }

    struct ForecastView: Sendable, Equatable, Encodable {
        var number: Int
        var exposure: Percentage
        var seconds: Double?
        var decidingSeconds: Double?
        var findings: [FindingView]
        var smallestRatioFound: Double?
        var tolerated: ToleranceView
    }

    struct FindingView: Sendable, Equatable, Encodable {
        /// How many times as often as the control; absent for a treatment that always fails.
        var ratio: Double?
        var seconds: Double?
    }

    struct ToleranceView: Sendable, Equatable, Encodable {
        var ratio: Double?
        var failuresPerMinute: Double
        var share: Double
    }

    struct WarningView: Sendable, Equatable, Encodable {
        var check: String
        var exposure: Percentage
        var code: String
        var text: String
    }
}

extension OutlookView {
    init(_ outlook: Outlook, isAssumed: Bool) {
        self.isAssumed = isAssumed
        seconds = outlook.total.seconds
        steps = outlook.steps.map {
            StepView(number: $0.step + 1, exposure: $0.exposure, seconds: $0.passing.seconds)
        }
        checks = outlook.checks.map { check in
            CheckView(
                name: check.name,
                exposuresPerMinute: check.traffic.exposures,
                failingShare: check.traffic.failing,
                burstiness: check.traffic.burstiness,
                objective: check.objective,
                steps: check.steps.map(ForecastView.init)
            )
        }
        warnings = outlook.warnings.map {
            WarningView(check: $0.check, exposure: $0.exposure, code: $0.code, text: $0.text)
        }
    }
}

extension OutlookView.ForecastView {
    init(_ forecast: StepForecast) {
        number = forecast.step + 1
        exposure = forecast.exposure
        seconds = forecast.passing.seconds
        decidingSeconds = forecast.deciding.seconds
        findings = forecast.findings.map { finding in
            var ratio: Double?
            if case .times(let times) = finding.regression { ratio = times }
            return OutlookView.FindingView(ratio: ratio, seconds: finding.time.seconds)
        }
        smallestRatioFound = forecast.smallestFound
        tolerated = OutlookView.ToleranceView(
            ratio: forecast.tolerance.ratio,
            failuresPerMinute: forecast.tolerance.failuresPerMinute,
            share: forecast.tolerance.share
        )
    }
}

extension ExpectedTime {
    /// Nil for never.
    var seconds: Double? { span?.seconds }
}
