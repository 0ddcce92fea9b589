import ArgumentParser
import Assignment
import PolicyFiles
import Rollout
import Stepping

/// `tidegate status`: how rollouts stand.
struct Status: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How a rollout stands, or all of a store. Contacts no metrics server.",
        discussion: """
            Shows what the targets show against what was ordered, each check's last value, and the next command \
            to type. Exits with 10 while rolled back, with 11 while a person is needed.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A policy file, or a flag's name; all rollouts of --state without.",
            valueName: "policy | flag"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var subject: String?

    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        guard let subject else { return try all(invocation) }
        let found = try invocation.wiring.subject(subject, state: state)
        let view = try invocation.view(of: found, named: found.typed(as: subject, state))
        if output.json {
            invocation.console.json(try JSONText.encode(view))
        } else {
            invocation.console.result(view.text(invocation.console))
        }
        return ExitStatus(rawValue: view.exitStatus) ?? .fine
    }

    private func all(_ invocation: Invocation) throws -> ExitStatus {
        guard let store = state.location ?? invocation.wiring.environmentStore else {
            throw Failure(
                message: "which rollout is not said",
                hint: "name a policy file, or add '--state PATH' for all rollouts of a store",
                status: .usage
            )
        }
        let flags = try invocation.wiring.stateStoreReader(store).flags()
        let views = try flags.map { flag in
            let subject = Subject.flag(flag, store: store)
            return try invocation.view(of: subject, named: subject.typed(as: flag, state))
        }
        if output.json {
            for view in views { invocation.console.json(try JSONText.encode(view)) }
        } else if views.isEmpty {
            invocation.console.result(["no rollouts yet"])
        } else {
            invocation.console.result(
                Array(views.map { $0.text(invocation.console) }.joined(separator: [""]))
            )
        }
        return .fine
    }
}

extension Invocation {
    /// How one rollout stands, with the exit status that says so.
    fileprivate func view(of subject: Subject, named name: String) throws -> RolloutView {
        let world = wiring.readOnlyWorld(subject.store)
        var view: RolloutView
        if let stored = try world.store.load(flag: subject.flag) {
            let sightings = world.sightings(of: stored.state.policy)
            view = RolloutView(kind: "status", state: stored.state, sightings: sightings, subject: name)
            if let digest = subject.loaded?.digest, digest != stored.state.policyDigest {
                view.reasons.append(.policyDiffers)
            }
        } else if let policy = subject.loaded?.policy {
            view = RolloutView(
                kind: "status",
                policy: policy,
                sightings: world.sightings(of: policy),
                subject: name
            )
        } else if case .unusable(let error, _, _) = subject {
            throw Failure(error)
        } else {
            throw Failure(noRolloutOf: subject.flag)
        }
        view.exitStatus = view.standingStatus.rawValue
        return view
    }
}

extension Reason {
    fileprivate static let policyDiffers = Reason(
        code: "policy-changed",
        text: "the policy file is not the accepted one; see 'tidegate accept-policy'"
    )
}

extension RolloutView {
    /// 10 while a rollback stands, 11 while only a person can go on.
    fileprivate var standingStatus: ExitStatus {
        if phase == .rolledBack { return .rolledBack }
        let hasDrift = phase != .ready && targets.contains { !$0.isAsOrdered }
        return phase == .paused || hasDrift || !reasons.isEmpty ? .waitsForPerson : .fine
    }
}
