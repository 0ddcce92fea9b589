import Assignment
import FoundationEssentials
import Rehearsal
import Rollout
import Stepping
import TidegateTestKit

@testable import MetricsSources

/// A rollout of one service, judged from a real Prometheus; all but the Prometheus is in memory, and time is virtual.
struct ComparedRollout {
    let policy: Policy
    let clock: VirtualClock
    private let target: InMemoryTarget
    private let stepper: Stepper

    /// - Parameters:
    ///   - service: What is compared.
    ///   - url: The server that recorded it.
    ///   - bake: How long each step is baked.
    ///   - seriesLimit: How many series a counter may have to be counted exactly.
    init(
        _ service: RecordedService,
        on url: String,
        bake: Span,
        seriesLimit: Int = PrometheusLocation.defaultSeriesLimit
    ) {
        let check = Check(name: service.name, rule: .comparison(Comparison(measure: service.compared)))
        var policy = Policy.example(
            steps: [(10, bake), (50, bake), (100, bake)],
            checks: [check],
            deadlines: Deadlines(undecided: Deadline(after: .hours(1_000), action: .pause))
        )
        let location = PrometheusLocation(url: url, seriesLimit: seriesLimit)
        policy.metrics = .prometheus(location)
        self.policy = policy
        clock = VirtualClock(at: service.start)
        let target = InMemoryTarget(identity: policy.targets[0].identity)
        self.target = target
        // The server's clock shows the real time, and is held against that.
        let source = PrometheusSource(
            location: location,
            environment: [:],
            now: { Timestamp(secondsSinceEpoch: Date().timeIntervalSince1970) }
        )
        stepper = Stepper(
            world: World(
                clock: clock,
                store: InMemoryStateStore(),
                source: { _ in source },
                targets: { _ in [target] }
            )
        )
    }

    /// Starts at a step, from 0.
    @discardableResult
    func start(atStep step: Int = 0) throws -> TickReport {
        let start = StartRequest(
            policy: policy,
            policyDigest: Policy.exampleDigest,
            request: .ada,
            fromStep: step
        )
        return try stepper.start(start, acceptingNoData: false)
    }

    /// One tick, a minute later unless said otherwise.
    func tick(after span: Span = .minutes(1)) throws -> TickReport {
        clock.move(by: span)
        return try stepper.step(flag: policy.flag, policyDigest: Policy.exampleDigest)
    }

    /// Ticks every minute until something else than holding is decided.
    ///
    /// - Parameter most: How many intervals may be judged.
    /// - Returns: What was decided, or the last hold; and how many intervals were judged.
    /// - Throws: What a tick does.
    func decision(within most: Int) throws -> (report: TickReport, judged: Int) {
        var judged = 0
        while true {
            let report = try tick()
            if !report.judgements.isEmpty { judged += 1 }
            if report.decision != .held || judged == most { return (report, judged) }
        }
    }

    var exposure: Percentage { target.shown?.exposure ?? .zero }
}
