import ArgumentParser
import PolicyFiles
import Rollout
import Stepping

/// `tidegate pause`: stand still.
struct Pause: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stand still until 'resume'. A breach still rolls back."
    )

    @OptionGroup var subject: SubjectArgument
    @OptionGroup var asking: RequestOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let subject = try invocation.wiring.subject(subject.subject, state: state)
        return try invocation.ask(.pause(invocation.request(asking)), subject, named: self.subject.subject)
    }
}

/// `tidegate resume`: go on, or answer a drift.
struct Resume: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on after a pause, or say what is right where a target drifted."
    )

    @OptionGroup var policy: PolicyArgument
    @OptionGroup var asking: RequestOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Flag(help: "What the target shows is right: go on from there.")
    var acceptDrift = false

    @Flag(help: "What the rollout ordered is right: publish it again.")
    var reassert = false

    func validate() throws {
        if acceptDrift, reassert { throw ValidationError("--accept-drift and --reassert exclude each other") }
    }

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let subject = try invocation.wiring.subject(policy.policy, state: state)
        let answer: DriftAnswer? = acceptDrift ? .accept : reassert ? .reassert : nil
        let ask = Ask.resume(invocation.request(asking), answering: answer)
        return try invocation.ask(ask, subject, named: policy.policy)
    }
}

/// `tidegate promote`: end the bake early, checks permitting.
struct Promote: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "End the bake early: go on at the first tick whose checks are all healthy."
    )

    @OptionGroup var policy: PolicyArgument
    @OptionGroup var asking: RequestOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let (loaded, store) = try invocation.wiring.policy(policy.policy, state: state)
        let stepper = Stepper(world: invocation.wiring.world(store))
        let flag = loaded.policy.flag
        var report = try stepper.carryOut(.promote(invocation.request(asking)), flag: flag)
        if report.decision == .promoted {
            let tick = try stepper.step(flag: flag, policyDigest: loaded.digest)
            // An interval that is not over yet leaves the promotion itself as the news.
            if tick.decision != .nothingNew { report = tick }
        }
        return try invocation.report(
            report,
            kind: "promote",
            subject: policy.policy,
            flag: flag,
            policy: loaded.policy,
            status: ExitStatus(report, isDetailed: false)
        )
    }
}

/// `tidegate accept-policy`: judge under the changed file.
struct AcceptPolicy: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "accept-policy",
        abstract: "Judge from now on under the policy file as it is."
    )

    @OptionGroup var policy: PolicyArgument
    @OptionGroup var asking: RequestOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let (loaded, store) = try invocation.wiring.policy(policy.policy, state: state)
        let ask = Ask.acceptPolicy(loaded.policy, digest: loaded.digest, invocation.request(asking))
        return try invocation.ask(ask, .policy(loaded, store: store), named: policy.policy)
    }
}

/// `tidegate rollback`: disable the flag now.
struct Rollback: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Disable the flag on every target, now, whatever the phase.",
        discussion: """
            Works without metrics, with a broken policy file, and even where the state cannot be read as long as \
            a policy names the targets.
            """
    )

    @OptionGroup var subject: SubjectArgument
    @OptionGroup var asking: RequestOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let subject = try invocation.wiring.subject(subject.subject, state: state)
        let report = try rollBack(subject, invocation)
        return try invocation.report(
            report,
            kind: "rollback",
            subject: self.subject.subject,
            flag: subject.flag,
            policy: subject.loaded?.policy,
            status: ExitStatus(report, isDetailed: false)
        )
    }

    private func rollBack(_ subject: Subject, _ invocation: Invocation) throws -> TickReport {
        let request = invocation.request(asking)
        let stepper = Stepper(world: invocation.wiring.world(subject.store))
        do throws(SteppingError) {
            return try stepper.carryOut(.rollback(request), flag: subject.flag)
        } catch .refused(let refused) {
            // Never started, yet the flag may be on: a person wants it off.
            guard let loaded = subject.loaded else { throw SteppingError.refused(refused) }
            let start = StartRequest(policy: loaded.policy, policyDigest: loaded.digest, request: request)
            return try stepper.rollBackUnstarted(start)
        } catch .store(let problem) {
            guard let policy = subject.loaded?.policy else { throw SteppingError.store(problem) }
            return stepper.disable(policy, despite: problem)
        }
    }
}

extension Invocation {
    /// Carries out what a person asked of a rollout, and prints what came of it.
    func ask(_ ask: Ask, _ subject: Subject, named name: String) throws -> ExitStatus {
        let stepper = Stepper(world: wiring.world(subject.store))
        let report = try stepper.carryOut(ask, flag: subject.flag)
        return try self.report(
            report,
            kind: ask.kind,
            subject: name,
            flag: subject.flag,
            policy: subject.loaded?.policy,
            status: ExitStatus(report, isDetailed: false)
        )
    }
}

extension Ask {
    fileprivate var kind: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .promote: "promote"
        case .acceptPolicy: "accept-policy"
        case .rollback: "rollback"
        }
    }
}
