import CSQLite
import GRDB
package import Rollout
package import Stepping

/// Rollout state and its ledger in one SQLite database on a local file system.
///
/// Opening creates the database where there is none, readable by its owner alone. Every save is one durable
/// transaction: it has reached the disk when it returns. Letting go of the last connection leaves the
/// write-ahead log beside the database: folding it in costs three more waits for the disk, which would be most
/// of a tick's time. `-wal` and `-shm` belong to the database and are folded in every ``logPages`` or so, or by
/// ``close()``.
package struct SQLiteStateStore: StateStore {
    /// How long to wait for another process that is writing.
    package static let defaultBusyTimeout = Span.seconds(5)

    /// The log is folded in when it has this many pages of 4 KiB; the next opening reads it whole.
    private static let logPages = 250

    private let path: String
    private let queue: DatabaseQueue

    /// Opens the database, after having made it if need be.
    ///
    /// - Parameters:
    ///   - path: Where the database is; a symbolic link is followed.
    ///   - busyTimeout: How long every call may wait for another process that is writing.
    ///   - pageLimit: The database refuses to grow beyond this many pages of 4 KiB, as if the disk were full;
    ///     nil: as the disk allows.
    /// - Throws: Whatever keeps the database from being used; it was left as it is then.
    package init(
        path: String,
        busyTimeout: Span = SQLiteStateStore.defaultBusyTimeout,
        pageLimit: Int? = nil
    ) throws(StateStoreError) {
        try self.init(path: path, busyTimeout: busyTimeout, pageLimit: pageLimit, schema: .current)
    }

    init(path: String, busyTimeout: Span, pageLimit: Int?, schema: Schema) throws(StateStoreError) {
        self.path = path
        var configuration = Configuration.store
        configuration.busyMode = .timeout(busyTimeout.seconds)
        configuration.prepareDatabase { db in
            // FULL: a save that was reported done survives a power failure.
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = \(Self.logPages)")
            tidegate_sqlite_fold_on_close(db.sqliteConnection, 0)
            if let pageLimit { try db.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
        }
        do {
            let file = try DatabaseFile(path: path)
            try file.createUnlessPresent(schema)
            try file.requireWritable()
            queue = try DatabaseQueue(path: file.realPath, configuration: configuration)
            try queue.inDatabase { db in
                do {
                    try schema.prepareForWriting(db, at: path)
                } catch {
                    // Refused: leave nothing behind that was not there.
                    tidegate_sqlite_fold_on_close(db.sqliteConnection, 1)
                    throw error
                }
            }
        } catch {
            throw StateStoreError(error, at: path)
        }
    }

    /// Folds the log in and lets go of the database, which is one file then; every later call fails.
    package func close() throws(StateStoreError) {
        do {
            queue.inDatabase { db in _ = tidegate_sqlite_fold_on_close(db.sqliteConnection, 1) }
            try queue.close()
        } catch {
            throw StateStoreError(error, at: path)
        }
    }

    package func load(flag: String) throws(StateStoreError) -> StoredState? {
        try read { db in try StateTable.load(flag: flag, from: db, at: path) }
    }

    package func flags() throws(StateStoreError) -> [String] {
        try read { db in try StateTable.rows(of: db, at: path).map(\.flag) }
    }

    package func history(flag: String, limit: Int) throws(StateStoreError) -> [LedgerRecord] {
        try read { db in try LedgerTable.newest(limit, about: flag, from: db, at: path) }
    }

    /// The raw answers of the newest `limit` ticks that had any, oldest first.
    package func measurements(flag: String, limit: Int) throws(StateStoreError) -> [TickMeasurements] {
        try read { db in try MeasurementTable.newest(limit, about: flag, from: db, at: path) }
    }

    package func save(
        _ save: StateSave,
        replacing version: StateVersion?
    ) throws(StateStoreError) -> StateVersion {
        var saved = StateVersion(number: 0)
        do {
            try queue.inDatabase { db in
                // Immediate: the version is compared while nobody else can write.
                try db.inTransaction(.immediate) {
                    saved = try StateTable.replace(save.state, version: version, in: db, at: path)
                    for entry in save.entries { try LedgerTable.record(entry, in: db, at: path) }
                    if !save.measurements.isEmpty {
                        try MeasurementTable.append(save, in: db)
                    }
                    return .commit
                }
            }
        } catch {
            throw StateStoreError(error, at: path)
        }
        return saved
    }

    private func read<Result>(_ body: (Database) throws -> Result) throws(StateStoreError) -> Result {
        do { return try queue.read(body) } catch { throw StateStoreError(error, at: path) }
    }
}
