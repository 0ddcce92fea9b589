import GRDB
import Glibc
import Rollout
import StateStores
import Stepping
import Testing
import TidegateTestKit

@Suite("A reader of a store")
struct SQLiteReaderTests {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path("state % ?#é.sqlite")
    }

    /// Every name with its bytes.
    private func contents(of directory: TemporaryDirectory) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in directory.names { contents[name] = try FileContents.read(directory.path(name)) }
        return contents
    }

    private func readEverything(_ reader: SQLiteStateStoreReader) throws {
        #expect(try reader.load(flag: "sse")?.state == StoredSamples.state(revision: 2))
        #expect(try reader.load(flag: "none") == nil)
        #expect(try reader.flags() == ["sse"])
        #expect(try reader.history(flag: "sse", limit: 5).map(\.entry) == [StoredSamples.entry()])
    }

    @Test("leaves every byte and name of a closed store as it was")
    func untouched() throws {
        let store = try SQLiteStateStore(path: path)
        let version = try store.save(revision: 1, entries: [StoredSamples.entry()], replacing: nil)
        try store.save(revision: 2, replacing: version)
        try store.close()
        let before = try contents(of: directory)
        #expect(before.count == 1)
        try readEverything(SQLiteStateStoreReader(path: path))
        #expect(try contents(of: directory) == before)
    }

    @Test("sees what a dead writer left in its log, and leaves that as it was too", arguments: [true, false])
    func deadWriter(hasSharedMemory: Bool) throws {
        let store = try SQLiteStateStore(path: path)
        let version = try store.save(revision: 1, entries: [StoredSamples.entry()], replacing: nil)
        try store.save(revision: 2, replacing: version)
        // The files as they lie while the store is open are what a killed process leaves.
        let remains = try TemporaryDirectory()
        let scratch = try TemporaryDirectory()
        for name in directory.names where hasSharedMemory || !name.hasSuffix("-shm") {
            try FileContents.write(try FileContents.read(directory.path(name)), to: remains.path(name))
        }
        try store.close()
        let before = try contents(of: remains)
        #expect(before.count == (hasSharedMemory ? 3 : 2))
        try readEverything(
            SQLiteStateStoreReader(path: remains.path("state % ?#é.sqlite"), scratch: scratch.path)
        )
        #expect(try contents(of: remains) == before)
        #expect(scratch.names == [])
    }

    @Test("sees no transaction that was never committed")
    func uncommitted() throws {
        let store = try SQLiteStateStore(path: path)
        let version = try store.save(revision: 1, replacing: nil)
        let writer = try DatabaseQueue(path: path)
        try writer.inTransaction(.immediate) { db in
            // More than fits into the page cache, so that some of it is in the log already.
            try db.execute(sql: "PRAGMA cache_size = 2")
            for _ in 0..<50 {
                try db.execute(sql: "UPDATE state SET version = 99, body = randomblob(100000)")
            }
            let loaded = try SQLiteStateStoreReader(path: path).load(flag: "sse")
            #expect(loaded == StoredState(state: StoredSamples.state(revision: 1), version: version))
            return .rollback
        }
    }

    @Test("gives up in bounded time where somebody never stops writing")
    func restless() throws {
        try SQLiteStateStore(path: path).save(revision: 1, replacing: nil)
        let reader = SQLiteStateStoreReader(path: path, patience: .zero)
        // Touched just now: another write could hide behind the same modification time.
        try #require(utimes(path, nil) == 0)
        let error = #expect(throws: StateStoreError.self) { try reader.load(flag: "sse") }
        #expect(error?.message.contains("busy") == true)
    }

    @Test("does not mind a modification time from the future")
    func futureTime() throws {
        let store = try SQLiteStateStore(path: path)
        try store.save(revision: 1, replacing: nil)
        try store.close()
        let future = timeval(tv_sec: 4_000_000_000, tv_usec: 0)
        try #require(utimes(path, [future, future]) == 0)
        #expect(try SQLiteStateStoreReader(path: path, patience: .zero).flags() == ["sse"])
    }

    @Test("says when it has nowhere for its copy")
    func noScratch() throws {
        let store = try SQLiteStateStore(path: path)
        try store.save(revision: 1, replacing: nil)
        let reader = SQLiteStateStoreReader(path: path, scratch: directory.path("none"))
        let error = #expect(throws: StateStoreError.self) { try reader.load(flag: "sse") }
        #expect(error?.message.contains(directory.path("none")) == true)
        try store.close()
    }
}
