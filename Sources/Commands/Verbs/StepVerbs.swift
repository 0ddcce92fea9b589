import ArgumentParser
import PolicyFiles
import Rollout
import Stepping

/// `tidegate step`: one tick.
struct Step: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "One tick: observe, decide, act once. Made for cron.",
        discussion: """
            Settles what a dead process left, asks the metrics, and advances, holds or rolls back. Called more \
            often than the policy's interval it changes nothing.
            """
    )

    @OptionGroup var policy: PolicyArgument
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Flag(help: "Say what the tick would do, and change nothing.")
    var dryRun = false

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 11 while only a person can go on.")
    var detailedExitCode = false

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let subject = try invocation.wiring.subject(policy.policy, state: state)
        if dryRun { return try rehearse(subject, invocation) }
        let tick = try PolicyTick(subject, named: policy.policy)
        // Not as JSON: that is the tick's report.
        for line in tick.fault?.lines ?? [] { invocation.console.notice(line) }
        let report = try tick.report(in: invocation.wiring.world(tick.store))
        return try invocation.report(
            report,
            kind: "step",
            subject: policy.policy,
            flag: tick.flag,
            policy: tick.loaded?.policy,
            status: tick.status(of: report, isDetailed: detailedExitCode)
        )
    }

    private func rehearse(_ subject: Subject, _ invocation: Invocation) throws -> ExitStatus {
        if case .unusable(let error, _, _) = subject { throw Failure(error) }
        guard let loaded = subject.loaded else { throw Failure(notAPolicy: policy.policy) }
        let world = invocation.wiring.readOnlyWorld(subject.store)
        let report = try world.plan(loaded.policy, policyDigest: loaded.digest)
        return try invocation.report(
            report,
            kind: "plan",
            subject: policy.policy,
            flag: subject.flag,
            policy: loaded.policy,
            isLong: true,
            outlook: world.outlook(after: report, of: loaded.policy),
            status: ExitStatus(planned: report, isDetailed: detailedExitCode)
        )
    }
}

/// `tidegate plan`: what the next tick would do.
struct Plan: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "What the next tick would do, and how long a healthy rollout will take. Changes nothing.",
        discussion: """
            For comparisons it says what they can find at the traffic seen, and what may still be promoted. With --recorded the checks are judged on an OpenMetrics file instead of a metrics server and the \
            rollout counts as not started: made for CI.
            """
    )

    @OptionGroup var policy: PolicyArgument
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("Judge on this OpenMetrics file.", valueName: "file"), completion: .file())
    var recorded: String?

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when the tick would change something.")
    var detailedExitCode = false

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let (loaded, store) = try invocation.wiring.policy(policy.policy, state: state)
        let report: TickReport
        let world: ReadOnlyWorld
        if let recorded {
            let judged = try invocation.wiring.recordedWorld(recorded, loaded.policy, store)
            world = judged.world
            report = world.preview(loaded.policy, at: judged.end)
        } else {
            world = invocation.wiring.readOnlyWorld(store)
            report = try world.plan(loaded.policy, policyDigest: loaded.digest)
        }
        return try invocation.report(
            report,
            kind: "plan",
            subject: policy.policy,
            flag: loaded.policy.flag,
            policy: loaded.policy,
            isLong: true,
            outlook: world.outlook(after: report, of: loaded.policy),
            status: ExitStatus(planned: report, isDetailed: detailedExitCode)
        )
    }
}

extension ReadOnlyWorld {
    /// What the rest of a rollout is expected to come to: by its own counts, or by history before it is started.
    ///
    /// - Returns: Nil where nothing is known of the traffic, and once the rollout has ended.
    func outlook(after report: TickReport, of policy: Policy) -> Outlook? {
        guard let state = report.state, state.phase != .ready else {
            return policy.outlook(after: histories(of: policy, at: report.at))
        }
        return state.outlook
    }
}

extension ExitStatus {
    /// The status of a plan: 2 where the tick would change something and that was asked for.
    init(planned report: TickReport, isDetailed: Bool) {
        guard isDetailed else {
            self = .fine
            return
        }
        let isBreached = report.judgements.contains { $0.direction == .rollBackNow }
        switch report.decision {
        case .advanced, .completed, .rolledBack, .paused, .started, .adopted, .resumed, .promoted,
            .policyAccepted:
            self = .wouldChange
        case .notStarted where !isBreached && report.judgements.contains(where: \.cause.isBlind):
            // What 'start' would refuse: the checks cannot be answered.
            let isAway = report.judgements.contains { $0.cause == .unreachable }
            self = isAway ? .unavailable : .badPolicy
        case .notStarted, .nothingNew, .held, .finished, .lostRace:
            self = isBreached ? .wouldChange : report.need == nil ? .fine : .waitsForPerson
        }
    }
}
