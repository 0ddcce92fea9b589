import Rollout
import Testing
import TidegateTestKit

@Suite("Verbs and phases")
struct VerbsAndPhasesTests {
    /// `does`, `idle` (nothing to do) or `refuses`, in the order of `PhaseName.allCases`.
    private static let table: [Verb: [String]] = [
        .start: ["does", "refuses", "refuses", "does", "refuses"],
        .step: ["does", "does", "does", "does", "does"],
        .promote: ["refuses", "does", "refuses", "refuses", "idle"],
        .pause: ["refuses", "does", "does", "refuses", "refuses"],
        .resume: ["refuses", "idle", "does", "refuses", "idle"],
        .acceptPolicy: ["idle", "does", "does", "idle", "idle"],
        .rollback: ["does", "does", "does", "does", "does"],
    ]

    private func word(_ answer: VerbAnswer) -> String {
        switch answer {
        case .does: "does"
        case .nothingToDo: "idle"
        case .refuses: "refuses"
        }
    }

    @Test("answer as the table says", arguments: Verb.allCases)
    func answers(verb: Verb) {
        #expect(PhaseName.allCases.map { word(verb.answer(in: $0)) } == Self.table[verb])
    }

    @Test("explain every refusal with a hint", arguments: Verb.allCases, PhaseName.allCases)
    func hints(verb: Verb, phase: PhaseName) {
        switch verb.answer(in: phase) {
        case .does: break
        case .nothingToDo(let why): #expect(!why.isEmpty)
        case .refuses(let why, let hint): #expect(!why.isEmpty && !hint.isEmpty)
        }
    }

    private struct Outcome: Equatable {
        var word: String
        var isUnchanged: Bool
    }

    /// What the verb really comes to in a state.
    private func carriedOut(_ verb: Verb, in state: RolloutState) -> Outcome {
        let now = Timestamp.newYear + .minutes(1)
        var changed = state.policy
        changed.interval = .seconds(30)
        let result: Result<Transition, Refused> = Result { () throws(Refused) -> Transition in
            switch verb {
            case .start:
                return try StartRequest(policy: state.policy, policyDigest: "", request: .ada, fromStep: 0)
                    .transition(from: state, sightings: state.untouched, at: now)
            case .step: return state.ticked(.healthy, after: .minutes(1))
            case .promote: return try state.promoted(by: .ada, at: now)
            case .pause: return try state.paused(by: .ada, at: now)
            case .resume:
                return try state.resumed(by: .ada, answering: nil, sightings: state.untouched, at: now)
            case .acceptPolicy: return try state.accepting(changed, digest: "sha256:new", by: .ada, at: now)
            case .rollback: return state.rolledBack(by: .ada, at: now)
            }
        }
        switch result {
        case .failure: return Outcome(word: "refuses", isUnchanged: true)
        case .success(let transition):
            let isIdle = transition.decision == .nothingNew
            return Outcome(
                word: isIdle ? "idle" : "does",
                isUnchanged: transition.state == state && transition.effect == nil
            )
        }
    }

    @Test("do what the table says, and change nothing where it says so", arguments: Verb.allCases)
    func carriesOut(verb: Verb) {
        for state in RolloutState.inEveryPhase() {
            let outcome = carriedOut(verb, in: state)
            #expect(outcome.word == word(verb.answer(in: state.phase.name)), "\(verb) in \(state.phase)")
            if outcome.word != "does" { #expect(outcome.isUnchanged) }
        }
    }

    @Test("are documented as they are")
    func page() {
        let folder = Golden.fixtures("../../../Sources/Rollout/Rollout.docc/VerbsAndPhases.md")
        Golden.expect(VerbsAndPhasesPage.text, matches: folder)
    }
}
