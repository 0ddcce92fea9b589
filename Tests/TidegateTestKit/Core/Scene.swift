package import Assignment
package import Rehearsal
package import Rollout
package import Stepping

/// One flag's whole world in memory: what outlives the processes that step it.
package struct Scene: Sendable {
    package let policy: Policy
    package let clock: VirtualClock
    package let store = InMemoryStateStore()
    package let source = ScriptedSource()
    package let targets: [InMemoryTarget]

    package init(_ policy: Policy = .example(), at moment: Timestamp = .newYear) {
        self.policy = policy
        clock = VirtualClock(at: moment)
        targets = policy.targets.map { InMemoryTarget(identity: $0.identity) }
    }

    /// A process that works in this world, with faults of its own.
    package func stepper(failing plan: FaultPlan = .none, clock: (any WallClock)? = nil) -> Stepper {
        let targets = targets.map { FaultyTarget($0, failing: plan) }
        let source = FaultySource(source, failing: plan)
        return Stepper(
            world: World(
                clock: clock ?? self.clock,
                store: FaultyStateStore(store, failing: plan),
                source: { _ in source },
                targets: { policy in targets.filter { policy.targets.map(\.identity).contains($0.identity) } }
            )
        )
    }

    @discardableResult
    package func start(_ stepper: Stepper? = nil, fromStep: Int? = nil) throws -> TickReport {
        let start = StartRequest(
            policy: policy,
            policyDigest: Policy.exampleDigest,
            request: .ada,
            fromStep: fromStep
        )
        return try (stepper ?? self.stepper()).start(start, acceptingNoData: false)
    }

    /// One tick now.
    @discardableResult
    package func step(_ stepper: Stepper? = nil) throws -> TickReport {
        try (stepper ?? self.stepper()).step(flag: policy.flag, policyDigest: Policy.exampleDigest)
    }

    /// One tick, a minute later unless said otherwise.
    @discardableResult
    package func tick(after span: Span = .minutes(1)) throws -> TickReport {
        clock.move(by: span)
        return try step()
    }

    /// What is stored, if anything.
    package func state() throws -> RolloutState? { try store.load(flag: policy.flag)?.state }

    /// What each target shows.
    package func shown() throws -> [Allocation?] { try targets.map { target in try target.read() } }

    /// How exposed clients are by each target.
    package func exposures() throws -> [Percentage] { try shown().map { $0?.exposure ?? .zero } }

    /// A second world with the same contents, to try something out in.
    package func copied() throws -> Scene {
        let copy = Scene(policy, at: clock.now())
        if let state = try state() {
            _ = try copy.store.save(StateSave(state: state, entries: [], at: clock.now()), replacing: nil)
        }
        for (target, allocation) in try zip(copy.targets, shown()) { target.edit(to: allocation) }
        return copy
    }
}
