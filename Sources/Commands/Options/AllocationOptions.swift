import ArgumentParser
import Assignment
import PolicyFiles
import Rollout
import Stepping

/// What clients are assigned under: a rollout as it stands, or an allocation in words.
struct AllocationOptions: ParsableArguments, Sendable {
    @Argument(
        help: ArgumentHelp(
            "A policy file, or a flag's name together with --state; --flag and --percentage without.",
            valueName: "policy | flag"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var subject: String?

    @Option(help: ArgumentHelp("The flag's name, where there is no policy.", valueName: "name"))
    var flag: String?

    @Option(help: ArgumentHelp("As if this share were published.", valueName: "percent"))
    var percentage: Double?

    @Option(
        help: ArgumentHelp("What is mixed into buckets; the flag's name unless given.", valueName: "text")
    )
    var salt: String?

    @Option(help: "How buckets are computed: \(HashAlgorithm.words); flagd-v2 unless given.")
    var algorithm: String?

    @Option(help: ArgumentHelp("What the treatment is called; 'on' unless given.", valueName: "name"))
    var treatment: String?

    @Option(help: ArgumentHelp("What the control is called; 'off' unless given.", valueName: "name"))
    var control: String?

    func validate() throws {
        if let percentage, Percentage(percent: percentage) == nil {
            throw ValidationError("--percentage is between 0 and 100, in thousandths")
        }
        if let algorithm, HashAlgorithm(rawValue: algorithm) == nil {
            throw ValidationError("--algorithm is one of \(HashAlgorithm.words)")
        }
        if subject != nil {
            guard [flag, salt, algorithm, treatment, control].allSatisfy({ $0 == nil }) else {
                throw ValidationError("the policy says everything but --percentage; leave the others out")
            }
        } else if flag == nil || percentage == nil {
            throw ValidationError("name a policy, or give --flag and --percentage")
        }
        if treatment ?? "on" == control ?? "off" {
            throw ValidationError("--treatment and --control must have different names")
        }
    }
}

extension HashAlgorithm {
    fileprivate static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// A flag whose clients can be assigned.
struct AssignedFlag: Sendable {
    var flag: String
    var variants: Variants
    var allocation: Allocation
    /// Nil where the flag was described in words.
    var policy: Policy?
    /// Nil where the rollout never started, and where its share was replaced by another.
    var state: RolloutState?

    var assigner: Assigner { Assigner(allocation, flag: flag) }

    /// The share of clients that should have the treatment, from 0 to 1.
    var treatedShare: Double { allocation.algorithm.treatedShare(at: allocation.exposure) }

    func name(of variant: Variant) -> String {
        switch variant {
        case .treatment: variants.treatment
        case .control: variants.control
        }
    }
}

extension Invocation {
    /// What clients are assigned under.
    func assignedFlag(_ options: AllocationOptions, _ state: StateOption) throws -> AssignedFlag {
        var flag = try options.subject.map { try assignedFlag($0, options, state) } ?? options.described
        if let share = options.percentage.flatMap(Percentage.init(percent:)) {
            flag.allocation.enabled = share > .zero
            flag.allocation.percentage = share
            flag.state = nil
        }
        guard flag.allocation.algorithm.expresses(flag.allocation.percentage) else {
            let algorithm = flag.allocation.algorithm
            throw Failure(
                message: "\(algorithm.rawValue) cannot express \(flag.allocation.percentage)",
                hint: "its finest step is \(algorithm.finestStep)",
                status: .usage
            )
        }
        return flag
    }

    /// The policy in force and what is published under it.
    private func assignedFlag(_ argument: String, _ options: AllocationOptions, _ state: StateOption) throws
        -> AssignedFlag
    {
        let subject = try wiring.subject(argument, state: state)
        if let stored = try wiring.stateStoreReader(subject.store).load(flag: subject.flag) {
            let policy = stored.state.policy
            return AssignedFlag(
                flag: policy.flag,
                variants: policy.variants,
                allocation: stored.state.confirmed,
                policy: policy,
                state: stored.state
            )
        }
        guard let policy = subject.loaded?.policy else {
            throw Failure(
                message: "there is no rollout of '\(subject.flag)' in this store",
                hint: "name the policy file and a --percentage instead",
                status: .usage
            )
        }
        return AssignedFlag(
            flag: policy.flag,
            variants: policy.variants,
            allocation: policy.disabled,
            policy: policy
        )
    }
}

extension AllocationOptions {
    /// The allocation the options describe; its share is set by whoever asks.
    fileprivate var described: AssignedFlag {
        let flag = flag ?? ""
        return AssignedFlag(
            flag: flag,
            variants: Variants(treatment: treatment ?? "on", control: control ?? "off"),
            allocation: Allocation(
                enabled: false,
                percentage: .zero,
                salt: salt ?? flag,
                algorithm: algorithm.flatMap(HashAlgorithm.init(rawValue:)) ?? .flagdV2,
                revision: 0
            )
        )
    }
}
