import Analysis
import Assignment
import Rollout
import Stepping
import TidegateTestKit

@testable import Commands

/// Rollouts with a comparison, each as some ticks have left it.
enum ComparedRollout: String, CaseIterable {
    case undecided
    case healthy
    case suspicious
    case harmful
    case thin
    case silent
    case lastStep = "last-step"
    case noControl = "no-control"
    case objective
    case several

    static func policy(checks: [Check] = [.clientFailures], holdback: Percentage? = nil) -> Policy {
        var policy = Policy.example(
            steps: [(10, .minutes(5)), (50, .minutes(10)), (100, .minutes(10))],
            checks: checks
        )
        if let holdback { policy.comparisons = ComparisonTerms(holdback: holdback) }
        return policy
    }

    /// The last tick, and the state it left.
    var transition: Transition {
        let transitions = begun.ticking((1...minutes).map { (weather, .minutes(Int64($0))) })
        return transitions.last ?? Transition(state: begun, decision: .nothingNew, reasons: [])
    }

    private var begun: RolloutState {
        switch self {
        case .undecided, .healthy, .suspicious, .harmful, .thin, .silent:
            .at(10, policy: Self.policy()).knowing()
        case .lastStep: .at(95, phase: .progressing(step: 2), policy: Self.policy()).knowing()
        case .noControl:
            .at(100, phase: .progressing(step: 2), policy: Self.policy(holdback: .zero)).knowing()
        case .objective:
            .at(10, policy: Self.policy(checks: [.compared("promised") { $0.objective = 0.02 }])).knowing()
        case .several:
            .at(10, policy: Self.policy(checks: [.clientFailures, .ceiling, .compared("slow-updates")]))
                .knowing()
        }
    }

    private var minutes: Int {
        switch self {
        case .thin, .harmful: 3
        case .silent: 4
        default: 8
        }
    }

    private var weather: Weather {
        switch self {
        case .undecided: .arms(.init(120, 0.75), .init(1_080, 5.25))
        case .healthy: .arms(.init(12_000, 60), .init(108_000, 540))
        case .suspicious: .arms(.init(120, 2.25), .init(1_080, 5.25))
        case .harmful: .arms(.init(120, 40), .init(1_080, 5))
        case .thin: .arms(.init(12, 0), .init(108, 0.5))
        case .silent: .arms(.init(0, 0), .init(1_080, 5))
        case .lastStep: .arms(.init(1_140, 6), .init(60, 0.25))
        case .noControl: .arms(.init(1_200, 6), .init(0, 0))
        case .objective: .arms(.init(120, 0.75), .init(0, 0))
        case .several: .arms(.init(120, 1.5), .init(1_080, 5.25))
        }
    }

    /// What the last tick reports.
    var report: TickReport {
        let transition = transition
        return TickReport(
            decision: transition.decision,
            state: transition.state,
            reasons: transition.reasons,
            judgements: transition.judgements,
            sightings: transition.state.untouched,
            need: transition.need,
            at: .newYear + .minutes(Int64(minutes))
        )
    }

    /// The report as a verb shows it.
    func view(_ kind: String) -> RolloutView {
        var view = RolloutView(
            kind: kind,
            report: report,
            policy: nil,
            flag: "sse",
            subject: "sse.yaml",
            status: .fine
        )
        view.foreseen = kind == "plan" ? report.state?.outlook : nil
        return view
    }
}

extension ArmCount {
    fileprivate init(_ exposures: Double, _ failures: Double) {
        self.init(exposures: exposures, failures: failures)
    }
}

extension Weather {
    fileprivate static func arms(_ treatment: ArmCount, _ control: ArmCount) -> Weather {
        .arms(treatment: treatment, control: control)
    }
}

extension Console {
    /// Without colours, whatever the tests run on.
    static let plain = Console(options: OutputOptions(), environment: ["NO_COLOR": "1"])
}
