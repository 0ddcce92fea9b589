package import Rollout
package import Stepping
import Testing

/// What every store promises: one value a promise, held against the in-memory store first and every real one.
package struct StateStoreContract: Sendable, CustomTestStringConvertible {
    /// Opens the store under test; a second call opens the same one once more, as another process would.
    package typealias Opening = () throws -> any StateStore

    package var promise: String
    package var check: @Sendable (Opening) throws -> Void

    package var testDescription: String { promise }

    package static let all: [StateStoreContract] = [
        StateStoreContract(promise: "an empty store has no state") { open in
            let store = try open()
            #expect(try store.load(flag: "sse") == nil)
            #expect(try store.flags().isEmpty)
            #expect(try store.history(flag: "sse", limit: 10).isEmpty)
        },
        StateStoreContract(promise: "a saved state is loaded as it was, through any opening") { open in
            let store = try open()
            let state = StoredSamples.state()
            let version = try store.save(StateSave(state: state, entries: [], at: .newYear), replacing: nil)
            #expect(try store.load(flag: "sse") == StoredState(state: state, version: version))
            #expect(try open().load(flag: "sse") == StoredState(state: state, version: version))
        },
        StateStoreContract(promise: "a save replaces the version it was based on") { open in
            let store = try open()
            let first = try store.save(revision: 1, replacing: nil)
            let second = try store.save(revision: 2, replacing: first)
            #expect(first != second)
            #expect(try store.load(flag: "sse")?.version == second)
            #expect(try store.load(flag: "sse")?.state.revision == 2)
        },
        StateStoreContract(promise: "a save based on another version is a conflict and writes nothing") {
            open in
            let store = try open()
            let first = try store.save(revision: 1, replacing: nil)
            let second = try open().save(revision: 2, replacing: first)
            for stale in [first, nil, StateVersion(number: second.number + 1)] {
                #expect(throws: StateStoreError.conflict) {
                    try store.save(revision: 3, entries: [StoredSamples.entry()], replacing: stale)
                }
            }
            #expect(try store.load(flag: "sse")?.version == second)
            #expect(try store.load(flag: "sse")?.state.revision == 2)
            #expect(try store.history(flag: "sse", limit: 10).isEmpty)
        },
        StateStoreContract(promise: "a version of no state is a conflict") { open in
            let store = try open()
            #expect(throws: StateStoreError.conflict) {
                try store.save(revision: 1, replacing: StateVersion(number: 1))
            }
            #expect(try store.load(flag: "sse") == nil)
        },
        StateStoreContract(promise: "flags do not touch each other and are listed in order") { open in
            let store = try open()
            for flag in ["zebra", "sse", "é", "apple", "Apple"] {
                _ = try store.save(
                    StateSave(
                        state: StoredSamples.state(of: flag),
                        entries: [StoredSamples.entry(about: flag)],
                        at: .newYear
                    ),
                    replacing: nil
                )
            }
            #expect(try store.flags() == ["Apple", "apple", "sse", "zebra", "é"])
            #expect(try store.load(flag: "zebra")?.state.flag == "zebra")
            #expect(try store.load(flag: "SSE") == nil)
            #expect(try store.history(flag: "sse", limit: 10).map(\.entry.flag) == ["sse"])
        },
        StateStoreContract(promise: "history is the newest records, oldest first, numbered in a row") {
            open in
            let store = try open()
            let entries = (0..<5).map { StoredSamples.entry(after: $0, text: "entry \($0)") }
            let version = try store.save(revision: 1, entries: Array(entries[..<2]), replacing: nil)
            _ = try store.save(revision: 2, entries: Array(entries[2...]), replacing: version)
            let history = try open().history(flag: "sse", limit: 3)
            #expect(history.map(\.entry) == Array(entries[2...]))
            #expect(history.map(\.number) == [3, 4, 5])
            #expect(history.allSatisfy { $0.count == 1 && $0.lastAt == $0.entry.at })
            #expect(try store.history(flag: "sse", limit: 99).count == 5)
            #expect(try store.history(flag: "sse", limit: 0).isEmpty)
        },
        StateStoreContract(promise: "entries in a row with the same key are counted in one record") { open in
            let store = try open()
            let entries = [
                StoredSamples.entry(after: 0, key: "held"), StoredSamples.entry(after: 60, key: "held"),
            ]
            var version = try store.save(revision: 1, entries: entries, replacing: nil)
            let later = StoredSamples.entry(after: 120, key: "held", text: "another wording")
            version = try store.save(revision: 2, entries: [later], replacing: version)
            let counted = LedgerRecord(
                number: 1,
                entry: entries[0],
                count: 3,
                lastAt: .newYear + .seconds(120)
            )
            #expect(try store.history(flag: "sse", limit: 10) == [counted])

            let others = [nil, "drift", nil, nil, "held"].enumerated().map { index, key in
                StoredSamples.entry(after: 180 + Int64(index), key: key)
            }
            _ = try store.save(revision: 3, entries: others, replacing: version)
            let history = try store.history(flag: "sse", limit: 10)
            #expect(history.first == counted)
            #expect(history.dropFirst().map(\.entry) == others)
        },
        StateStoreContract(promise: "another flag's record in between does not end the counting") { open in
            let store = try open()
            let first = try store.save(
                revision: 1,
                entries: [StoredSamples.entry(key: "held")],
                replacing: nil
            )
            _ = try store.save(
                StateSave(
                    state: StoredSamples.state(of: "other"),
                    entries: [StoredSamples.entry(about: "other", key: "held")],
                    at: .newYear
                ),
                replacing: nil
            )
            _ = try store.save(
                revision: 2,
                entries: [StoredSamples.entry(after: 60, key: "held")],
                replacing: first
            )
            #expect(try store.history(flag: "sse", limit: 10).map(\.count) == [2])
            #expect(try store.history(flag: "other", limit: 10).map(\.count) == [1])
        },
    ]
}

extension StateStore {
    /// Saves a sample state of the flag `sse` that is told apart by its revision.
    @discardableResult
    package func save(
        revision: Int,
        entries: [LedgerEntry] = [],
        replacing version: StateVersion?
    ) throws(StateStoreError) -> StateVersion {
        let save = StateSave(state: StoredSamples.state(revision: revision), entries: entries, at: .newYear)
        return try self.save(save, replacing: version)
    }
}
