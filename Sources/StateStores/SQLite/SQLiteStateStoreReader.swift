import GRDB
package import Rollout
package import Stepping

/// The reading half of a store, for dry runs: leaves every byte and every name in the directory as it was.
///
/// A missing database reads as one without states. A log that a dead writer left is taken into account, but
/// not folded in. Not to be used by a process that also writes to the same database: what it opens and closes
/// would drop that connection's locks.
package struct SQLiteStateStoreReader: StateStoreReading {
    /// How long to wait for a moment in which nobody writes.
    package static let defaultPatience = Span.seconds(5)

    private let path: String
    private let snapshots: Snapshots
    private let schema: Schema

    /// Names the database; nothing is opened before something is asked.
    ///
    /// - Parameters:
    ///   - path: Where the database is or would be.
    ///   - scratch: An existing directory for a private copy, needed where a log is lying beside the database.
    ///   - patience: How long every call may wait for a moment in which nobody writes.
    package init(
        path: String,
        scratch: String = "/tmp",
        patience: Span = SQLiteStateStoreReader.defaultPatience
    ) {
        self.init(path: path, scratch: scratch, patience: patience, schema: .current)
    }

    init(path: String, scratch: String, patience: Span, schema: Schema) {
        self.path = path
        self.schema = schema
        snapshots = Snapshots(path: path, scratch: scratch, patience: patience)
    }

    package func load(flag: String) throws(StateStoreError) -> StoredState? {
        try read(missing: nil) { db in try StateTable.load(flag: flag, from: db, at: path) }
    }

    package func flags() throws(StateStoreError) -> [String] {
        try read(missing: []) { db in try StateTable.rows(of: db, at: path).map(\.flag) }
    }

    package func history(flag: String, limit: Int) throws(StateStoreError) -> [LedgerRecord] {
        try read(missing: []) { db in try LedgerTable.newest(limit, about: flag, from: db, at: path) }
    }

    /// The raw answers of the newest `limit` ticks that had any, oldest first.
    package func measurements(flag: String, limit: Int) throws(StateStoreError) -> [TickMeasurements] {
        try read(missing: []) { db in try MeasurementTable.newest(limit, about: flag, from: db, at: path) }
    }

    private func read<Result>(
        missing: Result,
        _ body: (Database) throws -> Result
    ) throws(StateStoreError) -> Result {
        do {
            return try snapshots.read(missing: missing) { db in
                try schema.verifyForReading(db, at: path)
                return try body(db)
            }
        } catch {
            throw StateStoreError(error, at: path)
        }
    }
}
