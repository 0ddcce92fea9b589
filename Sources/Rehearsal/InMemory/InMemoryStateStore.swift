package import Rollout
package import Stepping
import Synchronization

/// A store that lasts as long as the process: the reference the durable ones are held against.
package final class InMemoryStateStore: StateStore {
    fileprivate struct Contents {
        var states: [String: StoredState] = [:]
        var ledger: [LedgerRecord] = []
        var measurements: [String: [[Measurement]]] = [:]
    }

    private let contents = Mutex(Contents())

    package init() {}

    package func load(flag: String) throws(StateStoreError) -> StoredState? {
        contents.withLock { $0.states[flag] }
    }

    package func flags() throws(StateStoreError) -> [String] {
        contents.withLock { $0.states.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    }

    package func history(flag: String, limit: Int) throws(StateStoreError) -> [LedgerRecord] {
        contents.withLock { contents in
            contents.ledger.filter { $0.entry.flag == flag }.suffix(max(0, limit))
        }
    }

    package func save(
        _ save: StateSave,
        replacing version: StateVersion?
    ) throws(StateStoreError) -> StateVersion {
        let saved: StateVersion? = contents.withLock { contents in
            let flag = save.state.flag
            guard contents.states[flag]?.version == version else { return nil }
            let next = StateVersion(number: (version?.number ?? 0) + 1)
            contents.states[flag] = StoredState(state: save.state, version: next)
            for entry in save.entries { contents.record(entry) }
            if !save.measurements.isEmpty {
                contents.measurements[flag, default: []].append(save.measurements)
            }
            return next
        }
        guard let saved else { throw .conflict }
        return saved
    }

    /// Every tick's measurements, oldest first.
    package func measurements(flag: String) -> [[Measurement]] {
        contents.withLock { $0.measurements[flag] ?? [] }
    }
}

extension InMemoryStateStore.Contents {
    fileprivate mutating func record(_ entry: LedgerEntry) {
        let newest = ledger.lastIndex { $0.entry.flag == entry.flag }
        if let newest, let key = entry.coalescingKey, ledger[newest].entry.coalescingKey == key {
            ledger[newest].count += 1
            ledger[newest].lastAt = entry.at
        } else {
            ledger.append(LedgerRecord(number: Int64(ledger.count + 1), entry: entry, lastAt: entry.at))
        }
    }
}
