import GRDB

extension SQLiteStateStore {
    /// Loads what the first opening needs: SQLite, and the types that rows are read and written with.
    ///
    /// Harmless to call at any time, from any thread, or never.
    package static func warmUp() {
        let queue = try? DatabaseQueue()
        try? queue?.inDatabase { db in
            try db.inTransaction(.immediate) {
                try db.execute(sql: "CREATE TABLE warm (a BLOB)")
                try db.execute(sql: "INSERT INTO warm VALUES (?)", arguments: ["up".databaseValue])
                return .commit
            }
            _ = try Row.fetchOne(db, sql: "SELECT a FROM warm WHERE a = ?", arguments: ["up"])
        }
    }
}
