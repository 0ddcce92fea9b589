import GRDB
import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import StateStores

@Suite("The database of a store")
struct SQLiteFileTests {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path("state.sqlite")
    }

    @Test("is one file, for its owner alone, once it is closed")
    func closesToOneFile() throws {
        let store = try SQLiteStateStore(path: path)
        try store.save(revision: 1, replacing: nil)
        #expect(directory.names == ["state.sqlite", "state.sqlite-shm", "state.sqlite-wal"])
        #expect(directory.names.allSatisfy { FileContents.mode(of: directory.path($0)) == 0o600 })
        try store.close()
        #expect(directory.names == ["state.sqlite"])
        #expect(FileContents.mode(of: path) == 0o600)
    }

    @Test("keeps measurements beside the ledger, tick by tick")
    func keepsMeasurements() throws {
        let store = try SQLiteStateStore(path: path)
        let answers = [
            StoredSamples.measurement(.value(Reading(value: .infinity, newestSample: .newYear))),
            StoredSamples.measurement(.refused(.credentials, message: "401")),
        ]
        var version: StateVersion?
        for tick in 0..<3 {
            let save = StateSave(
                state: StoredSamples.state(),
                entries: [],
                measurements: tick == 1 ? [] : answers,
                at: .newYear + .seconds(Int64(tick))
            )
            version = try store.save(save, replacing: version)
        }
        let kept = [
            TickMeasurements(at: .newYear, measurements: answers),
            TickMeasurements(at: .newYear + .seconds(2), measurements: answers),
        ]
        #expect(try store.measurements(flag: "sse", limit: 5) == kept)
        #expect(try store.measurements(flag: "sse", limit: 1) == [kept[1]])
        #expect(try store.measurements(flag: "other", limit: 5).isEmpty)
        try store.close()
        #expect(try SQLiteStateStoreReader(path: path).measurements(flag: "sse", limit: 5) == kept)
    }

    @Test("is reached through a symbolic link")
    func followsLink() throws {
        try SQLiteStateStore(path: path).save(revision: 1, replacing: nil)
        try #require(symlink("state.sqlite", directory.path("link")) == 0)
        let linked = try SQLiteStateStore(path: directory.path("link"))
        #expect(try linked.load(flag: "sse")?.state.revision == 1)
        #expect(try SQLiteStateStoreReader(path: directory.path("link")).flags() == ["sse"])
    }

    @Test("of a newer version is refused and left as it was")
    func refusesNewerSchema() throws {
        let newer = Schema(migrations: Schema.current.migrations + ["CREATE TABLE future (id INTEGER)"])
        try SQLiteStateStore(path: path, busyTimeout: .seconds(5), pageLimit: nil, schema: newer).close()
        let bytes = try FileContents.read(path)
        #expect(throws: StateStoreError.newerSchema(found: 2, supported: 1)) {
            try SQLiteStateStore(path: path)
        }
        #expect(throws: StateStoreError.newerSchema(found: 2, supported: 1)) {
            try SQLiteStateStoreReader(path: path).load(flag: "sse")
        }
        #expect(try FileContents.read(path) == bytes)
        #expect(directory.names == ["state.sqlite"])
    }

    @Test("of an older version is carried forward with all it holds, by a writer only")
    func migratesOlderSchema() throws {
        try SQLiteStateStore(path: path).save(revision: 1, replacing: nil)
        let newer = Schema(migrations: Schema.current.migrations + ["CREATE TABLE future (id INTEGER)"])
        let reader = SQLiteStateStoreReader(path: path, scratch: "/tmp", patience: .seconds(5), schema: newer)
        #expect(throws: StateStoreError.self) { try reader.flags() }
        let store = try SQLiteStateStore(path: path, busyTimeout: .seconds(5), pageLimit: nil, schema: newer)
        #expect(try store.load(flag: "sse")?.state.revision == 1)
        try store.close()
        #expect(try reader.flags() == ["sse"])
    }

    @Test("that is full refuses a save and keeps what it had")
    func diskFull() throws {
        let store = try SQLiteStateStore(path: path, pageLimit: 16)
        var version = try store.save(revision: 1, replacing: nil)
        let bulk = (0..<20).map { StoredSamples.entry(after: $0, text: String(repeating: "x", count: 1_000)) }
        var failure: StateStoreError?
        for revision in 2..<200 where failure == nil {
            do throws(StateStoreError) {
                version = try store.save(revision: revision, entries: bulk, replacing: version)
            } catch {
                failure = error
            }
        }
        guard case .unavailable(let message, let hint) = failure else {
            Issue.record("the database never got full: \(String(describing: failure))")
            return
        }
        #expect(message.contains("disk is full"))
        #expect(hint != nil)
        #expect(try store.load(flag: "sse")?.version == version)
        try store.close()
        #expect(try SQLiteStateStore(path: path).load(flag: "sse")?.version == version)
    }

    @Test("that another connection holds is busy, after a bounded wait")
    func busy() throws {
        let store = try SQLiteStateStore(path: path)
        let version = try store.save(revision: 1, replacing: nil)
        let other = try SQLiteStateStore(path: path, busyTimeout: .milliseconds(20))
        let writer = try DatabaseQueue(path: path)
        try writer.inTransaction(.immediate) { db in
            try db.execute(sql: "UPDATE witness SET checksum = 1")
            #expect(try other.load(flag: "sse")?.version == version)
            let error = #expect(throws: StateStoreError.self) {
                try other.save(revision: 2, replacing: version)
            }
            #expect(error?.message.contains("busy") == true)
            return .rollback
        }
        try other.save(revision: 2, replacing: version)
    }

    @Test(
        "cannot be made where nothing can be written",
        arguments: ["/proc/none/state", "/tmp", "/dev/null", "/sys/state"]
    )
    func impossiblePlaces(place: String) {
        let error = #expect(throws: StateStoreError.self) { try SQLiteStateStore(path: place) }
        switch error {
        case .unavailable(let message, let hint), .forbidden(let message, let hint):
            #expect(message.contains(place))
            #expect(hint != nil)
        default:
            Issue.record("\(String(describing: error))")
        }
    }

    @Test("is not made by a reader")
    func readerMakesNothing() throws {
        let reader = SQLiteStateStoreReader(path: path)
        #expect(try reader.load(flag: "sse") == nil)
        #expect(try reader.flags().isEmpty)
        #expect(try reader.history(flag: "sse", limit: 3).isEmpty)
        #expect(directory.names.isEmpty)
        #expect(try SQLiteStateStoreReader(path: directory.path("missing/state")).flags().isEmpty)
    }

    @Test("is forbidden to those who may not write it or its directory, and stays as it was")
    func forbidden() throws {
        let store = try SQLiteStateStore(path: path)
        try store.save(revision: 1, replacing: nil)
        try store.close()
        let bytes = try FileContents.read(path)
        for (directoryMode, fileMode) in [(0o755, 0o644), (0o777, 0o444), (0o555, 0o666)]
            as [(mode_t, mode_t)]
        {
            try #require(chmod(directory.path, directoryMode) == 0 && chmod(path, fileMode) == 0)
            let error = Nobody.run { [path] () -> StateStoreError? in
                do throws(StateStoreError) { _ = try SQLiteStateStore(path: path) } catch { return error }
                return nil
            }
            guard case .forbidden(let message, let hint) = error ?? nil else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(message.contains(directory.path))
            #expect(hint != nil)
            let read = Nobody.run { [path] in try? SQLiteStateStoreReader(path: path).load(flag: "sse") }
            #expect(read??.state.revision == 1)
        }
        #expect(try FileContents.read(path) == bytes)
        try #require(chmod(directory.path, 0o700) == 0)
    }
}
