import ArgumentParser
import Assignment
import PolicyFiles
import Rollout
import Stepping

/// `tidegate assign`: which variant clients get.
struct Assign: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Which variant clients get, by the rollout as it stands or by a percentage.",
        discussion: "Ids come from --id, or one a line from standard input with --from -."
    )

    @OptionGroup var subject: SubjectArgument
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Option(
        name: .customLong("id"),
        help: ArgumentHelp("A client's id; may be given again.", valueName: "id")
    )
    var ids: [String] = []

    @Option(help: ArgumentHelp("'-' reads ids from standard input, one a line.", valueName: "-"))
    var from: String?

    @Option(help: ArgumentHelp("Assign as if this share were published.", valueName: "percent"))
    var percentage: Double?

    func validate() throws {
        if ids.isEmpty == (from == nil) { throw ValidationError("give ids either by --id or by --from -") }
        if let from, from != "-" { throw ValidationError("--from only knows '-', standard input") }
        if let percentage, Percentage(percent: percentage) == nil {
            throw ValidationError("--percentage is between 0 and 100, in thousandths")
        }
    }

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let subject = try invocation.wiring.subject(subject.subject, state: state)
        let (policy, published) = try published(subject, invocation)
        var allocation = published
        if let share = percentage.flatMap(Percentage.init(percent:)) {
            allocation.enabled = share > .zero
            allocation.percentage = share
        }
        let assigner = Assigner(allocation, flag: policy.flag)
        for id in ids { try printAssignment(of: id, assigner, policy, invocation) }
        if from != nil {
            while let id = readLine() { try printAssignment(of: id, assigner, policy, invocation) }
        }
        return .fine
    }

    /// The policy in force and what is published under it.
    private func published(_ subject: Subject, _ invocation: Invocation) throws -> (Policy, Allocation) {
        let reader = invocation.wiring.stateStoreReader(subject.store)
        if let stored = try reader.load(flag: subject.flag) {
            return (stored.state.policy, stored.state.confirmed)
        }
        guard let policy = subject.loaded?.policy else {
            throw Failure(
                message: "there is no rollout of '\(subject.flag)' in this store",
                hint: "name the policy file and a --percentage instead",
                status: .usage
            )
        }
        return (policy, policy.disabled)
    }

    private func printAssignment(
        of id: String,
        _ assigner: Assigner,
        _ policy: Policy,
        _ invocation: Invocation
    ) throws {
        let assigned = assigner.assign(id)
        let variant = assigned.variant == .treatment ? policy.variants.treatment : policy.variants.control
        if output.json {
            let view = AssignmentView(
                id: id,
                variant: variant,
                bucket: assigned.bucket,
                reason: assigned.reason.rawValue
            )
            invocation.console.json(try JSONText.encode(view))
        } else {
            let bucket = assigned.bucket.map { "\($0)" } ?? "-"
            invocation.console.result(["\(id)\t\(variant)\t\(bucket)\t\(assigned.reason.rawValue)"])
        }
    }
}

private struct AssignmentView: Encodable {
    var schemaVersion = 1
    var kind = "assign"
    var id: String
    var variant: String
    /// Among those of the flag's algorithm; nil where nothing was hashed.
    var bucket: UInt32?
    var reason: String
}
