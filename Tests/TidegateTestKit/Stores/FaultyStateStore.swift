package import Stepping

/// A store whose calls fail as planned; names of its calls: `store.load`, `store.flags`, `store.history`,
/// `store.save`.
package struct FaultyStateStore: StateStore {
    private let base: any StateStore
    private let plan: FaultPlan
    private let error: StateStoreError

    package init(
        _ base: any StateStore,
        failing plan: FaultPlan,
        with error: StateStoreError = .unavailable("the disk is full", hint: nil)
    ) {
        self.base = base
        self.plan = plan
        self.error = error
    }

    package func load(flag: String) throws(StateStoreError) -> StoredState? {
        try call("store.load") { () throws(StateStoreError) in try base.load(flag: flag) }
    }

    package func flags() throws(StateStoreError) -> [String] {
        try call("store.flags") { () throws(StateStoreError) in try base.flags() }
    }

    package func history(flag: String, limit: Int) throws(StateStoreError) -> [LedgerRecord] {
        try call("store.history") { () throws(StateStoreError) in try base.history(flag: flag, limit: limit) }
    }

    package func save(
        _ save: StateSave,
        replacing version: StateVersion?
    ) throws(StateStoreError) -> StateVersion {
        try call("store.save") { () throws(StateStoreError) in try base.save(save, replacing: version) }
    }

    private func call<Result>(
        _ name: String,
        _ body: () throws(StateStoreError) -> Result
    ) throws(StateStoreError) -> Result {
        switch plan.moment(of: name) {
        case nil: return try body()
        case .before: throw error
        case .after:
            _ = try body()
            throw error
        }
    }
}
