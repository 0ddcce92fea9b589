import ArgumentParser
import PolicyFiles
import Rollout
import Stepping

/// `tidegate run`: the whole rollout in the foreground.
struct Run: TidegateVerb {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Start if need be, then tick until the rollout has ended. Made for a person, or for CI.",
        discussion: """
            Shows live progress on a terminal and a line for every judged interval elsewhere. Exits with 0 once \
            completed, with 10 once rolled back. Ctrl-C leaves the rollout as it is and exits with 11.
            """
    )

    @OptionGroup var policy: PolicyArgument
    @OptionGroup var asking: RequestOptions
    @OptionGroup var state: StateOption
    @OptionGroup var output: OutputOptions

    @Flag(help: "Start although some selectors match no series yet.")
    var acceptNoData = false

    @Flag(help: "Exit with 11 once only a person can go on, instead of waiting.")
    var exitWhenWaiting = false

    func execute(_ invocation: Invocation) throws -> ExitStatus {
        var tick = try PolicyTick(
            invocation.wiring.subject(policy.policy, state: state),
            named: policy.policy
        )
        let opening = try start(tick, invocation)
        // Not before: whoever interrupts the preflight does not want the rollout to start.
        StopSignals.install()
        let clock = SystemClock()
        var run = ForegroundRun(
            clock: clock,
            tick: { [self] in
                tick = tick.again(under: policy.policy, state, in: invocation.wiring)
                return RunLook(tick, at: clock.now(), in: invocation.wiring.world(tick.store))
            },
            isStopped: StopSignals.wasStopped,
            display: display(invocation),
            exitsWhenWaiting: exitWhenWaiting,
            journal: RunJournal(subject: state.path.map { "\(policy.policy) --state \($0)" } ?? policy.policy)
        )
        return run.run(from: opening).status
    }

    /// Starts what is not started; nil where the rollout is past that.
    private func start(_ tick: PolicyTick, _ invocation: Invocation) throws -> RunLook? {
        guard try isUnstarted(tick, invocation) else { return nil }
        if let fault = tick.fault { throw fault }
        guard let loaded = tick.loaded else { throw Failure(notAPolicy: policy.policy) }
        let request = StartRequest(
            policy: loaded.policy,
            policyDigest: loaded.digest,
            request: invocation.request(asking)
        )
        let stepper = Stepper(world: invocation.wiring.world(tick.store))
        do throws(SteppingError) {
            let report = try stepper.start(request, acceptingNoData: acceptNoData)
            return RunLook(at: report.at, flag: tick.flag, policy: loaded.policy, result: .success(report))
        } catch {
            // Somebody else may have started it at this very moment.
            if case .refused = error, try !isUnstarted(tick, invocation) { return nil }
            throw error
        }
    }

    private func isUnstarted(_ tick: PolicyTick, _ invocation: Invocation) throws -> Bool {
        let stored = try invocation.wiring.stateStoreReader(tick.store).load(flag: tick.flag)
        return stored.map { $0.state.phase == .ready } ?? true
    }

    private func display(_ invocation: Invocation) -> any RunDisplay {
        let console = invocation.console
        if output.json { return JSONDisplay(console: console) }
        let terminal = Terminal.ofStandardOutput(
            invocation.wiring.environment,
            wasContinued: StopSignals.wasContinued
        )
        guard !output.quiet, let terminal else { return PlainDisplay(console: console) }
        StopSignals.beginDrawing()
        return LiveDisplay(console: console, terminal: terminal)
    }
}

extension RunLook {
    /// One tick.
    fileprivate init(_ tick: PolicyTick, at now: Timestamp, in world: World) {
        at = now
        flag = tick.flag
        policy = tick.loaded?.policy
        fault = tick.fault
        do throws(SteppingError) { result = .success(try tick.report(in: world)) } catch {
            result = .failure(error)
        }
    }
}
