import PolicyFiles
import Rollout
import Stepping

/// Why a command ended without a result: what is said, what would help, and the status.
struct Failure: Error, Sendable, Equatable {
    var message: String
    var hint: String?
    var status: ExitStatus
    /// Lines that stand on their own, such as a policy's diagnostics; they replace the message.
    var details: [String] = []

    /// What is printed to standard error.
    var lines: [String] {
        let head = details.isEmpty ? ["error: \(message)"] : details
        return head + (hint.map { ["hint: \($0)"] } ?? [])
    }
}

extension Failure {
    init(_ error: SteppingError) {
        let status = ExitStatus(error)
        switch error {
        case .refused(let refused): self.init(message: refused.message, hint: refused.hint, status: status)
        case .store(let error): self.init(message: error.message, hint: error.hint, status: status)
        case .target(let identity, let error):
            self.init(message: "\(identity): \(error.message)", hint: error.hint, status: status)
        case .lostRaces(let attempts):
            self.init(
                message: "other invocations saved first, \(attempts) times in a row",
                hint: "try again",
                status: status
            )
        }
    }

    init(_ error: StateStoreError) {
        self.init(.store(error))
    }

    init(_ error: PolicyFile.ReadError) {
        switch error {
        case .unreadable(let why): self.init(message: why.message, hint: why.hint, status: .badPolicy)
        case .invalid(let diagnostics):
            let lines = diagnostics.all.map(\.description)
            self.init(message: "the policy cannot be used", status: .badPolicy, details: lines)
        }
    }
}

extension Failure {
    /// A store that holds no rollout of the flag.
    init(noRolloutOf flag: String) {
        self.init(
            message: "there is no rollout of '\(flag)' in this store",
            hint: "'tidegate status --state PATH' lists those that are",
            status: .usage
        )
    }

    /// A verb that decides was given a flag's name.
    init(notAPolicy argument: String) {
        self.init(
            message: "'\(argument)' is not a policy file",
            hint: "this verb decides, so it needs the policy: tidegate step Policies/\(argument).yaml",
            status: .usage
        )
    }
}
