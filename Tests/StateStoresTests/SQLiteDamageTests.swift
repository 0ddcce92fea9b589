import GRDB
import Glibc
import Rollout
import Stepping
import Testing
import TidegateTestKit

@testable import StateStores

@Suite("A damaged store")
struct SQLiteDamageTests {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path("state.sqlite")
    }

    /// A database with two flags and some history, as bytes.
    private func sample() throws -> [UInt8] {
        let store = try SQLiteStateStore(path: path)
        for flag in ["other", "sse"] {
            let entries = (0..<6).map { StoredSamples.entry(about: flag, after: $0, text: "entry \($0)") }
            let save = StateSave(
                state: StoredSamples.state(of: flag),
                entries: entries,
                measurements: [StoredSamples.measurement(.noData)],
                at: .newYear
            )
            _ = try store.save(save, replacing: nil)
        }
        try store.close()
        return try FileContents.read(path)
    }

    @Test("never passes off changed bytes as a state", arguments: 0..<60 as Range<UInt64>)
    func randomBytes(seed: UInt64) throws {
        let sample = try sample()
        let truth = try SQLiteStateStore(path: path).load(flag: "sse")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<10 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                // Half of the damage where a page's own bookkeeping is.
                let page = Int.random(in: 0..<(bytes.count / 4_096), using: &random) * 4_096
                let offset = Bool.random(using: &random) ? 120 : 4_096
                bytes[page + Int.random(in: 0..<offset, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            try FileContents.write(bytes, to: path)
            // Long ago, so that the reader need not wait for the file to settle.
            let past = timeval(tv_sec: 1_000_000_000, tv_usec: 0)
            try #require(utimes(path, [past, past]) == 0)
            unlink(path + "-wal")
            unlink(path + "-shm")
            for open in [
                { SQLiteStateStoreReader(path: path) as any StateStoreReading },
                { try SQLiteStateStore(path: path) },
            ] {
                do {
                    let loaded = try open().load(flag: "sse")
                    #expect(loaded == truth, "seed \(seed)")
                } catch let error as StateStoreError {
                    #expect(error != .conflict)
                }
            }
        }
    }

    @Test(
        "is refused with its path and a hint",
        arguments: ["", "not a database at all", "SQLite format 3\0"]
    )
    func notADatabase(text: String) throws {
        let bytes = Array(text.utf8) + (text.isEmpty ? [] : [UInt8](repeating: 0x20, count: 8_192))
        try FileContents.write(bytes, to: path)
        for attempt in [
            { _ = try SQLiteStateStore(path: path) },
            { _ = try SQLiteStateStoreReader(path: path).load(flag: "sse") },
        ] {
            let error = #expect(throws: StateStoreError.self) { try attempt() }
            guard case .corrupt(let message, let hint) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(message.contains(path))
            #expect(hint != nil)
        }
        #expect(try FileContents.read(path) == bytes)
        #expect(directory.names == ["state.sqlite"])
    }

    @Test("that was cut off is noticed", arguments: [1, 100, 4_096, 8_192])
    func truncated(length: Int) throws {
        try FileContents.write(try sample().prefix(length), to: path)
        let error = #expect(throws: StateStoreError.self) {
            try SQLiteStateStore(path: path).load(flag: "sse")
        }
        guard case .corrupt = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("whose log is all that is left is not started anew")
    func orphanedLog() throws {
        let store = try SQLiteStateStore(path: path)
        try store.save(revision: 1, replacing: nil)
        try #require(rename(path, path + ".moved") == 0)
        for attempt in [
            { _ = try SQLiteStateStore(path: path) },
            { _ = try SQLiteStateStoreReader(path: path).load(flag: "sse") },
        ] {
            let error = #expect(throws: StateStoreError.self) { try attempt() }
            #expect(error?.message.contains("log") == true)
        }
        #expect(FileContents.mode(of: path) == nil)
        try store.close()
    }

    @Test("that belongs to another program is not adopted")
    func stranger() throws {
        try DatabaseQueue(path: path).inDatabase { db in
            try db.execute(sql: "CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1")
        }
        let bytes = try FileContents.read(path)
        let error = #expect(throws: StateStoreError.self) { try SQLiteStateStore(path: path) }
        #expect(error?.message.contains("not one of Tidegate's") == true)
        #expect(throws: StateStoreError.self) { try SQLiteStateStoreReader(path: path).flags() }
        #expect(try FileContents.read(path) == bytes)
    }

    @Test(
        "is told from a store that never had the state",
        arguments: [
            "DELETE FROM state WHERE flag = 'sse'", "UPDATE state SET flag = 'ssf' WHERE flag = 'sse'",
            "UPDATE state SET version = 9 WHERE flag = 'sse'",
            "UPDATE state SET body = x'7b7d' WHERE flag = 'sse'",
            "UPDATE state SET body = NULL", "UPDATE state SET version = 'x'", "DELETE FROM witness",
            "DROP TABLE witness",
        ]
    )
    func tampered(sql: String) throws {
        _ = try sample()
        try DatabaseQueue(path: path).inDatabase { db in
            // Some of these break the table's own rules, as damage does.
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            do { try db.execute(sql: sql) } catch let error as DatabaseError {
                try #require(error.resultCode == .SQLITE_CONSTRAINT)
                try db.execute(sql: "DELETE FROM state")
            }
        }
        let error = #expect(throws: StateStoreError.self) {
            try SQLiteStateStore(path: path).load(flag: "sse")
        }
        guard case .corrupt = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "does not show a changed history",
        arguments: ["count = 2", "last_at = 1", "body = x'00'", "checksum = 1"]
    )
    func tamperedLedger(change: String) throws {
        _ = try sample()
        try DatabaseQueue(path: path).inDatabase { db in
            try db.execute(sql: "UPDATE ledger SET \(change) WHERE number = 8")
        }
        let store = try SQLiteStateStore(path: path)
        #expect(try store.history(flag: "other", limit: 10).count == 6)
        #expect(throws: StateStoreError.self) { try store.history(flag: "sse", limit: 10) }
    }
}
