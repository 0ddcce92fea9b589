import Assignment
import Rollout

@testable import Commands

/// Panels to draw, made by hand so that every row has something in it.
extension RunPanel {
    /// The second of three steps, everything in order.
    static let progressing: RunPanel = {
        var panel = RunPanel(view: .standing(.progressing, at: 50))
        panel.elapsed = .seconds(72)
        panel.gauges = [
            .healthy("server-errors", strain: 0.2, reading: "0.2 % (max 1 %)", samples: 12_000),
            .healthy("update-latency", strain: 0.87, reading: "87 ms (max 100 ms)", samples: nil),
        ]
        panel.latest = Latest(at: noon, text: "held at 50 %: baked 4s of 10s", colour: nil)
        panel.next = "100 % in 6s at the earliest; next look in 1s"
        return panel
    }()

    /// A target changed by hand, a check without an answer, and a store that cannot be written.
    static let amiss: RunPanel = {
        var panel = progressing
        panel.view?.targets[0].exposure = .percent80
        panel.view?.targets[0].isAsOrdered = false
        panel.gauges[0].cause = .unreachable
        panel.gauges[0].strain = nil
        panel.gauges[0].reading = "- (max 1 %)"
        panel.gauges[0].reason =
            "connection refused by prometheus.example.net:9090 after three tries → gave up"
        panel.need = Need(
            text: "file:/var/lib/app/flags.json shows 80 % (revision 2), which was never ordered",
            command: "tidegate resume Policies/sse.yaml --accept-drift, or --reassert"
        )
        panel.troubles = ["error: the state was not saved: no space left on device"]
        return panel
    }()

    /// Three comparisons: one undecided, one healthy, one that looks harmful.
    static let compared: RunPanel = {
        var panel = progressing
        panel.gauges = [
            .compared("client-failures", .undecided, harm: 0.2, harmlessness: 0.6, "2.5 of 111, 6.0 of 20"),
            .compared("slow-updates", .healthy, harm: 0.05, harmlessness: 1, "1.3 of 111, 143 of 20"),
            .compared("lost-sessions", .undecided, harm: 0.97, harmlessness: 0, "98 of 111, 0.2 of 20"),
            .healthy("server-errors", strain: 0.2, reading: "0.2 % (max 1 %)", samples: 12_000),
        ]
        panel.next = "100 % in about 25 min, if all is well; next look in 1s"
        return panel
    }()

    /// The last frame of a rollout that met errors.
    static let rolledBack: RunPanel = {
        var panel = RunPanel(view: .standing(.rolledBack, at: 0), ending: .rolledBack)
        panel.elapsed = .seconds(3_725)
        panel.gauges = [
            .healthy("server-errors", strain: 20, reading: "20 % (max 1 %)", samples: 200, cause: .breached)
        ]
        panel.gauges[0].reason = "20 %, above 1 %: 40 of 200 failed"
        panel.latest = Latest(at: noon, text: "rolled back to 0 %", colour: .red)
        return panel
    }()

    private static let noon = Timestamp(secondsSinceEpoch: 1_767_268_800)
}

extension CheckGauge {
    static func healthy(
        _ name: String,
        strain: Double,
        reading: String = "0.1 (max 1)",
        samples: Double? = nil,
        cause: Cause = .healthy
    ) -> CheckGauge {
        CheckGauge(
            name: name,
            cause: cause,
            reading: reading,
            samples: samples,
            reason: "a reason",
            strain: strain,
            strains: [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1, strain]
        )
    }
}

extension CheckGauge {
    static func compared(
        _ name: String,
        _ cause: Cause,
        harm: Double,
        harmlessness: Double,
        _ text: String
    ) -> CheckGauge {
        var gauge = healthy(name, strain: harm, reading: "1.2 × control", cause: cause)
        gauge.samples = 18_402
        gauge.reason = "treatment 1.2 × control (0.9 to 1.7 ×), 110 of 18,402 against 601 of 120,311"
        gauge.strains = [0, 0.02, 0.1, 0.3, harm]
        gauge.evidence = CheckGauge.Evidence(
            harm: harm,
            harmlessness: harmlessness,
            text: text,
            resolution: "time: decided in about 25 min at present traffic, if it is harmless"
        )
        return gauge
    }
}

extension RolloutView {
    fileprivate static func standing(_ phase: PhaseName, at percent: Double) -> RolloutView {
        let exposure = Percentage(percent: percent) ?? .zero
        let isUnderWay = phase == .progressing
        let standings: [StepView.Standing] =
            isUnderWay ? [.done, .current, .ahead] : [.ahead, .ahead, .ahead]
        let steps = zip([10.0, 50, 100], standings).enumerated().map { index, step in
            StepView(
                number: index + 1,
                percentage: Percentage(percent: step.0) ?? .zero,
                bake: .seconds(10),
                standing: step.1
            )
        }
        let target = TargetView(
            name: "file:/var/lib/app/flags.json",
            exposure: exposure,
            revision: 2,
            expected: exposure,
            remark: "as ordered",
            isAsOrdered: true
        )
        let bake = BakeView(baked: .seconds(4), of: .seconds(10), remaining: .seconds(6))
        return RolloutView(
            kind: "run",
            flag: "sse",
            phase: phase,
            revision: 2,
            exposure: exposure,
            steps: steps,
            bake: isUnderWay ? bake : nil,
            targets: [target],
            checks: []
        )
    }
}

extension Percentage {
    fileprivate static let percent80 = Percentage(percent: 80) ?? .zero
}
