import ArgumentParser
import PolicyFiles
import Rollout
import Stepping

/// `tidegate start`: the first raise.
struct Start: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract:
            "Begin the rollout: prove that everything can be asked and written, then expose the first step."
    )

    @OptionGroup var policy: PolicyArgument
    @OptionGroup var asking: RequestOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("Begin at this step, from 1; leaves a rollback behind.", valueName: "n"))
    var fromStep: Int?

    @Flag(help: "Take over the percentage that is already published.")
    var adopt = false

    @Flag(help: "Start although some selectors match no series yet.")
    var acceptNoData = false

    func validate() throws {
        if let fromStep, fromStep < 1 { throw ValidationError("--from-step counts from 1") }
        if adopt, fromStep != nil {
            throw ValidationError("--adopt finds its step itself; leave --from-step out")
        }
    }

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let (loaded, store) = try invocation.wiring.policy(policy.policy, state: state)
        let start = StartRequest(
            policy: loaded.policy,
            policyDigest: loaded.digest,
            request: invocation.request(asking),
            fromStep: fromStep.map { $0 - 1 },
            adopts: adopt
        )
        let stepper = Stepper(world: invocation.wiring.world(store))
        let report = try stepper.start(start, acceptingNoData: acceptNoData)
        return try invocation.report(
            report,
            kind: "start",
            subject: policy.policy,
            flag: loaded.policy.flag,
            policy: loaded.policy,
            isLong: true,
            status: ExitStatus(report, isDetailed: false)
        )
    }
}
