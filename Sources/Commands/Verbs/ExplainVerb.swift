import ArgumentParser
import PolicyFiles
import Rollout
import Stepping

/// `tidegate explain`: why a rollout stands where it does, and what moves it.
struct Explain: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why a rollout stands where it does, what moves it, and what every kind of input does.",
        discussion: """
            Says in full sentences how each check stands, what the next raise needs, what would roll back and which \
            clocks run. Of a policy that is not started it says what it will do. Contacts neither metrics nor targets.
            """
    )

    @OptionGroup var subject: SubjectArgument
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        let found = try invocation.wiring.subject(subject.subject, state: state)
        let store = invocation.wiring.stateStoreReader(found.store)
        let explanation: Explanation
        var isPolicyAccepted = true
        if let stored = try store.load(flag: found.flag) {
            explanation = Explanation(stored.state)
            isPolicyAccepted = found.loaded.map { $0.digest == stored.state.policyDigest } ?? true
        } else if let policy = found.loaded?.policy {
            explanation = Explanation(policy)
        } else if case .unusable(let error, _, _) = found {
            throw Failure(error)
        } else {
            throw Failure(noRolloutOf: found.flag)
        }
        if output.json {
            let view = ExplanationView(explanation, isPolicyAccepted: isPolicyAccepted)
            invocation.console.json(try JSONText.encode(view))
        } else {
            invocation.console.result(
                explanation.text(isPolicyAccepted: isPolicyAccepted, invocation.console)
            )
        }
        return .fine
    }
}
