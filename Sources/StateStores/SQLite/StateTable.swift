import FoundationEssentials
import GRDB
import Rollout
import Stepping

/// One row for each flag, and a witness that no row was lost.
enum StateTable {
    /// A row without its body.
    struct Row {
        var flag: String
        var version: Int64
        var checksum: Int64
    }

    /// All rows, sorted by flag, after the witness has been heard.
    ///
    /// A damaged page can make rows vanish, and a vanished state would read as "never started".
    static func rows(of db: Database, at path: String) throws -> [Row] {
        var rows: [Row] = []
        let cursor = try GRDB.Row.fetchCursor(
            db,
            sql: "SELECT flag, version, checksum FROM state ORDER BY flag"
        )
        while let row = try cursor.next() {
            guard let flag = row.text(0), let version = row.integer(1), let checksum = row.integer(2) else {
                throw StateStoreError.damaged(path, "a row of the state table is not readable")
            }
            rows.append(Row(flag: flag, version: version, checksum: checksum))
        }
        let witness = try GRDB.Row.fetchOne(db, sql: "SELECT checksum FROM witness WHERE id = 1")?.integer(0)
        guard witness == checksum(of: rows).stored else {
            throw StateStoreError.damaged(path, "the checksum over all states differs")
        }
        return rows
    }

    static func load(flag: String, from db: Database, at path: String) throws -> StoredState? {
        guard let row = try rows(of: db, at: path).first(where: { $0.flag.utf8.elementsEqual(flag.utf8) })
        else {
            return nil
        }
        let body = try GRDB.Row.fetchOne(db, sql: "SELECT body FROM state WHERE flag = ?", arguments: [flag])
        guard let body = body?.blob(0), checksum(flag: flag, version: row.version, body: body) == row.checksum
        else {
            throw StateStoreError.damaged(path, "the checksum of the state of '\(flag)' differs")
        }
        let state = try StoredJSON.decode(
            RolloutState.self,
            from: body,
            named: "state of '\(flag)'",
            at: path
        )
        return StoredState(state: state, version: StateVersion(number: row.version))
    }

    /// Writes a state in place of the one with this version; nil: in place of none.
    static func replace(
        _ state: RolloutState,
        version: StateVersion?,
        in db: Database,
        at path: String
    ) throws -> StateVersion {
        var rows = try rows(of: db, at: path)
        let place = rows.firstIndex { $0.flag.utf8.elementsEqual(state.flag.utf8) }
        guard place.map({ rows[$0].version }) == version?.number else { throw StateStoreError.conflict }

        let body = try StoredJSON.encode(state)
        let next = (version?.number ?? 0) + 1
        let row = Row(
            flag: state.flag,
            version: next,
            checksum: checksum(flag: state.flag, version: next, body: body)
        )
        if let place {
            rows[place] = row
        } else {
            rows.append(row)
            rows.sort { $0.flag.utf8.lexicographicallyPrecedes($1.flag.utf8) }
        }
        try db.execute(
            sql: """
                INSERT INTO state (flag, version, checksum, body) VALUES (?, ?, ?, ?)
                ON CONFLICT (flag) DO UPDATE
                SET version = excluded.version, checksum = excluded.checksum, body = excluded.body
                """,
            arguments: [row.flag, row.version, row.checksum, body]
        )
        try db.execute(
            sql: "UPDATE witness SET checksum = ? WHERE id = 1",
            arguments: [checksum(of: rows).stored]
        )
        return StateVersion(number: next)
    }

    static func checksum(of rows: [Row]) -> Checksum {
        var sum = Checksum()
        for row in rows {
            sum.add(row.flag)
            sum.add(row.version)
            sum.add(row.checksum)
        }
        return sum
    }

    private static func checksum(flag: String, version: Int64, body: Data) -> Int64 {
        var sum = Checksum()
        sum.add(flag)
        sum.add(version)
        sum.add(body)
        return sum.stored
    }
}
