import Assignment
import Commands
import Glibc
import PolicyFiles
import Rollout
import StateStores
import Stepping
import Testing
import TidegateTestKit

/// A directory with one rollout in it: its policy, its state, its flag file, and the program to run on them.
///
/// Time passes by moving everything the state remembers into the past: nobody waits.
struct Site {
    let directory: TemporaryDirectory
    var policy: PolicyText

    init(_ policy: PolicyText) throws {
        directory = try TemporaryDirectory()
        self.policy = policy
        for name in ["state", "flags"] { try #require(mkdir(directory.path(name), 0o755) == 0) }
        try rewrite(policy)
    }

    init(metrics url: String, changing change: (inout PolicyText) -> Void = { _ in }) throws {
        var policy = PolicyText(url: url)
        change(&policy)
        try self.init(policy)
    }

    /// With real Prometheus over healthy history.
    init(changing change: (inout PolicyText) -> Void = { _ in }) throws {
        try self.init(metrics: Metrics.Make.prometheus.healthy().url, changing: change)
    }

    var policyPath: String { directory.path("sse.yaml") }
    var flagFile: String { directory.path("flags/flags.json") }
    var database: String { directory.path("state/tidegate.sqlite") }

    /// Replaces the policy file.
    mutating func changePolicy(_ change: (inout PolicyText) -> Void) throws {
        change(&policy)
        try rewrite(policy)
    }

    func writePolicy(_ text: String) throws {
        try FileContents.write(Array(text.utf8), to: policyPath)
    }

    private func rewrite(_ policy: PolicyText) throws { try writePolicy(policy.text) }
}

// MARK: The program

extension Site {
    /// The program with a verb, this site's policy file, and more arguments.
    func command(_ verb: String, _ arguments: [String] = [], adding variables: [String: String] = [:])
        -> TidegateCommand
    {
        TidegateCommand([verb, policyPath] + arguments, adding: variables)
    }

    @discardableResult
    func run(_ verb: String, _ arguments: String...) throws -> CommandOutcome {
        try command(verb, arguments).run()
    }

    /// A verb with `--json`, read.
    @discardableResult
    func report(
        _ verb: String,
        _ arguments: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Report {
        try command(verb, arguments + ["--json"]).run().report(sourceLocation: sourceLocation)
    }

    /// Starts the rollout, which must succeed.
    @discardableResult
    func start(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws
        -> CommandOutcome
    {
        let outcome = try command("start", arguments).run()
        try #require(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Lets an interval pass and ticks once.
    @discardableResult
    func tick(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> Report {
        try pass(.seconds(60))
        return try command("step", arguments + ["--json"]).run().report(sourceLocation: sourceLocation)
    }
}

// MARK: What it left behind

extension Site {
    /// The flag as a service reads it.
    var published: Published? {
        get throws { try Published.read(flagFile, flag: policy.flag) }
    }

    /// How exposed clients are by the flag file, in percent.
    var exposure: Double { get throws { try published?.exposure ?? 0 } }

    /// The state as it is stored.
    var state: RolloutState {
        get throws {
            let stored = try SQLiteStateStoreReader(path: database).load(flag: policy.flag)
            return try #require(stored?.state)
        }
    }

    var history: [LedgerRecord] {
        get throws { try SQLiteStateStoreReader(path: database).history(flag: policy.flag, limit: 1_000) }
    }

    /// Expects that flag file and state say the same, and that no order is left open.
    func expectAgreement(_ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
        let state = try state
        let published = try published
        #expect(state.intent == nil, "\(comment)", sourceLocation: sourceLocation)
        #expect(
            state.confirmed.exposure.percent == published?.exposure,
            "\(comment)",
            sourceLocation: sourceLocation
        )
        #expect(
            state.targets.map(\.published?.revision) == [published?.rollout?.revision],
            "\(comment)",
            sourceLocation: sourceLocation
        )
    }

    /// Moves all that the state remembers into the past.
    func pass(_ span: Span) throws {
        let store = try SQLiteStateStore(path: database)
        let stored = try #require(try store.load(flag: policy.flag))
        _ = try store.save(
            StateSave(state: stored.state.aged(by: span), entries: [], at: .newYear),
            replacing: stored.version
        )
        try store.close()
    }
}

extension RolloutState {
    fileprivate func aged(by span: Span) -> RolloutState {
        var state = self
        state.startedAt = startedAt - span
        state.attention?.toldAt = (attention?.toldAt ?? startedAt) - span
        for cause in WaitingCause.allCases { state.waits[cause] = waits[cause].map { $0 - span } }
        state.progress = progress.aged(by: span)
        if case .raise(var raise) = intent {
            raise.before = raise.before.aged(by: span)
            state.intent = .raise(raise)
        }
        return state
    }
}

extension StepProgress {
    fileprivate func aged(by span: Span) -> StepProgress {
        var progress = self
        progress.confirmedAt = confirmedAt.map { $0 - span }
        progress.lastTickAt = lastTickAt.map { $0 - span }
        for index in checks.indices {
            progress.checks[index].through = checks[index].through - span
            progress.checks[index].newestSample = checks[index].newestSample.map { $0 - span }
            progress.checks[index].memories = checks[index].memories.map { memories in
                memories.mapping { $0.aged(by: span) }
            }
        }
        return progress
    }
}

extension CounterMemory {
    fileprivate func aged(by span: Span) -> CounterMemory { CounterMemory(at: at - span, values: values) }
}

// MARK: A person at work

extension Site {
    /// Writes the flag file the way a person would, without telling anybody.
    func publishByHand(enabled: Bool = true, percentage: Int, revision: Int) throws {
        let text = """
            {"sse": {"enabled": \(enabled), "rollout": {"percentage": \(percentage), "salt": "sse", "revision": \(revision)}}}

            """
        try FileContents.write(Array(text.utf8), to: flagFile)
    }
}
