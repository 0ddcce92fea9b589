import Rollout

/// Stands in for a store that could not be opened: every call fails with what went wrong then.
///
/// So that a rollback still reaches its targets where the database is damaged or its disk is gone.
package struct UnusableStateStore: StateStore {
    package var error: StateStoreError

    package init(_ error: StateStoreError) {
        self.error = error
    }

    package func load(flag: String) throws(StateStoreError) -> StoredState? { throw error }
    package func flags() throws(StateStoreError) -> [String] { throw error }
    package func history(flag: String, limit: Int) throws(StateStoreError) -> [LedgerRecord] { throw error }
    package func save(
        _ save: StateSave,
        replacing version: StateVersion?
    ) throws(StateStoreError) -> StateVersion { throw error }
}
