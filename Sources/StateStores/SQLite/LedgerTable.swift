import FoundationEssentials
import GRDB
import Rollout
import Stepping

/// The history of decisions: rows are appended and counted up, never taken back.
enum LedgerTable {
    /// The newest records about a flag, oldest first.
    static func newest(
        _ limit: Int,
        about flag: String,
        from db: Database,
        at path: String
    ) throws -> [LedgerRecord] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT number, count, last_at, checksum, body FROM ledger
                WHERE flag = ? ORDER BY number DESC LIMIT ?
                """,
            arguments: [flag, max(0, limit)]
        )
        return try rows.reversed().map { row in try record(from: row, at: path) }
    }

    /// Appends an entry, or counts it where it repeats the newest one.
    static func record(_ entry: LedgerEntry, in db: Database, at path: String) throws {
        if let key = entry.coalescingKey,
            var newest = try newest(1, about: entry.flag, from: db, at: path).first,
            newest.entry.coalescingKey == key
        {
            newest.count += 1
            newest.lastAt = entry.at
            try update(newest, in: db)
        } else {
            try append(entry, in: db)
        }
    }

    private static func append(_ entry: LedgerEntry, in db: Database) throws {
        let number = (try Int64.fetchOne(db, sql: "SELECT max(number) FROM ledger") ?? 0) + 1
        let record = LedgerRecord(number: number, entry: entry, lastAt: entry.at)
        let body = try StoredJSON.encode(entry)
        try db.execute(
            sql: """
                INSERT INTO ledger (number, flag, count, last_at, checksum, body) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                number, entry.flag, record.count, record.lastAt.millisecondsSinceEpoch,
                checksum(of: record, body: body), body,
            ]
        )
    }

    private static func update(_ record: LedgerRecord, in db: Database) throws {
        // The body is encoded anew only for its checksum: sorted keys make it the same bytes.
        let body = try StoredJSON.encode(record.entry)
        try db.execute(
            sql: "UPDATE ledger SET count = ?, last_at = ?, checksum = ?, body = ? WHERE number = ?",
            arguments: [
                record.count, record.lastAt.millisecondsSinceEpoch, checksum(of: record, body: body), body,
                record.number,
            ]
        )
    }

    private static func record(from row: Row, at path: String) throws -> LedgerRecord {
        guard let number = row.integer(0), let count = row.integer(1), let lastAt = row.integer(2),
            let stored = row.integer(3), let body = row.blob(4)
        else {
            throw StateStoreError.damaged(path, "a row of the ledger is not readable")
        }
        let record = LedgerRecord(
            number: number,
            entry: try StoredJSON.decode(LedgerEntry.self, from: body, named: "record \(number)", at: path),
            count: Int(count),
            lastAt: Timestamp(millisecondsSinceEpoch: lastAt)
        )
        guard checksum(of: record, body: body) == stored else {
            throw StateStoreError.damaged(path, "the checksum of record \(number) of the ledger differs")
        }
        return record
    }

    private static func checksum(of record: LedgerRecord, body: Data) -> Int64 {
        var sum = Checksum()
        sum.add(record.number)
        sum.add(Int64(record.count))
        sum.add(record.lastAt.millisecondsSinceEpoch)
        sum.add(body)
        return sum.stored
    }
}
