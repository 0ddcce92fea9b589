package import Rollout

/// The reading half of a store: all that a dry run is given.
package protocol StateStoreReading: Sendable {
    /// The state of one flag's rollout and the version to replace it by; nil when there is none.
    func load(flag: String) throws(StateStoreError) -> StoredState?

    /// The flags that have a state, sorted.
    func flags() throws(StateStoreError) -> [String]

    /// The newest `limit` records about a flag, oldest first.
    func history(flag: String, limit: Int) throws(StateStoreError) -> [LedgerRecord]
}

/// Where rollout state and its ledger live.
package protocol StateStore: StateStoreReading {
    /// Replaces a flag's state and appends to its ledger, in one durable transaction: all of it or nothing.
    ///
    /// A ledger entry with the `coalescingKey` of the flag's newest record is counted there instead of being
    /// appended.
    ///
    /// - Parameters:
    ///   - save: The new state and what to record with it.
    ///   - version: The version that was loaded; nil when there was no state.
    /// - Returns: The version of the saved state.
    /// - Throws: ``StateStoreError/conflict`` when the stored version is another one; nothing was written then.
    func save(_ save: StateSave, replacing version: StateVersion?) throws(StateStoreError) -> StateVersion
}

/// A state as loaded.
package struct StoredState: Sendable, Equatable {
    package var state: RolloutState
    package var version: StateVersion

    package init(state: RolloutState, version: StateVersion) {
        self.state = state
        self.version = version
    }
}

/// Which writing of a state this is; compared for equality only.
package struct StateVersion: Sendable, Hashable {
    package var number: Int64

    package init(number: Int64) {
        self.number = number
    }
}

/// What one transaction writes.
package struct StateSave: Sendable, Equatable {
    package var state: RolloutState
    package var entries: [LedgerEntry]
    /// The raw answers of this tick, kept beside the ledger.
    package var measurements: [Measurement]
    package var at: Timestamp

    package init(state: RolloutState, entries: [LedgerEntry], measurements: [Measurement] = [], at: Timestamp)
    {
        self.state = state
        self.entries = entries
        self.measurements = measurements
        self.at = at
    }
}

/// A ledger entry as stored.
package struct LedgerRecord: Sendable, Equatable, Codable {
    /// Rising by one within a store.
    package var number: Int64
    package var entry: LedgerEntry
    /// How many equal entries in a row this record stands for; at least 1.
    package var count: Int
    /// When the last of them was made; the entry's own time is the first.
    package var lastAt: Timestamp

    package init(number: Int64, entry: LedgerEntry, count: Int = 1, lastAt: Timestamp) {
        self.number = number
        self.entry = entry
        self.count = count
        self.lastAt = lastAt
    }
}

/// Why a store could not be read or written.
package enum StateStoreError: Error, Sendable, Equatable {
    /// Somebody else saved first.
    case conflict
    /// The store is damaged or is not a store of this program; it was left as it is.
    case corrupt(String, hint: String?)
    /// Written by a newer version of this program.
    case newerSchema(found: Int, supported: Int)
    /// Disk full, read-only, missing directory, no answer.
    case unavailable(String, hint: String?)
    /// The caller lacks the permission.
    case forbidden(String, hint: String?)
}
