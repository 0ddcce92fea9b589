import GRDB
import Stepping

/// The shape of the database, and how an older one becomes it.
struct Schema: Sendable {
    /// "TIDE": marks a database as one of ours, so that a stranger's is refused and not adopted.
    static let applicationID = 0x5449_4445

    /// What this program reads and writes.
    static let current = Schema(migrations: [Schema.first])

    /// Scripts that each lead from one version to the next; never edited once released, only added to.
    var migrations: [String]

    /// How many migrations a database has seen.
    var version: Int { migrations.count }

    private static let first = """
        CREATE TABLE state (
            flag TEXT NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            body BLOB NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE witness (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            checksum INTEGER NOT NULL
        );
        INSERT INTO witness (id, checksum) VALUES (1, \(StateTable.checksum(of: []).stored));
        CREATE TABLE ledger (
            number INTEGER PRIMARY KEY,
            flag TEXT NOT NULL,
            count INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            body BLOB NOT NULL
        );
        CREATE INDEX ledger_of_flag ON ledger (flag, number);
        CREATE TABLE measurement (
            number INTEGER PRIMARY KEY,
            flag TEXT NOT NULL,
            at INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            body BLOB NOT NULL
        );
        CREATE INDEX measurement_of_flag ON measurement (flag, number);
        """
}

extension Schema {
    /// Gives a database that nobody else has seen yet its tables and its marks.
    func install(in db: Database) throws {
        try db.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
        try migrate(db)
        // Remembered in the file: all later connections use the write-ahead log.
        try db.execute(sql: "PRAGMA journal_mode = WAL")
    }

    /// Refuses what is not ours or newer than we are, and carries an older one forward.
    func prepareForWriting(_ db: Database, at path: String) throws {
        if try foundVersion(of: db, at: path) < version { try migrate(db) }
        // A database copied or repaired by hand may have lost its journal mode.
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
            throw StateStoreError.unavailable(
                "\(path) cannot use a write-ahead log",
                hint: "keep the state on a local file system"
            )
        }
    }

    /// Refuses what is not ours or not of exactly this version.
    func verifyForReading(_ db: Database, at path: String) throws {
        let found = try foundVersion(of: db, at: path)
        guard found == version else {
            throw StateStoreError.unavailable(
                "\(path) still has schema version \(found), which this version reads only after updating it",
                hint: "run 'tidegate step' once without --dry-run"
            )
        }
    }

    private func foundVersion(of db: Database, at path: String) throws -> Int {
        guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Self.applicationID else {
            throw StateStoreError.corrupt(
                "\(path) is an SQLite database, but not one of Tidegate's",
                hint: "name another file for the state; this one was not touched"
            )
        }
        let found = try Self.userVersion(of: db)
        guard found <= version else {
            throw StateStoreError.newerSchema(found: found, supported: version)
        }
        // A database only gets its name once it has its first version.
        guard found >= 1 else {
            throw StateStoreError.damaged(path, "it says it has schema version \(found)")
        }
        return found
    }

    private func migrate(_ db: Database) throws {
        try db.inTransaction(.immediate) {
            // Read again under the lock: another process may have been faster.
            for migration in migrations.dropFirst(try Self.userVersion(of: db)) {
                try db.execute(sql: migration)
            }
            try db.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    private static func userVersion(of db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }
}
