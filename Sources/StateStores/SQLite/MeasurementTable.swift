import FoundationEssentials
import GRDB
package import Rollout
import Stepping

/// The raw answers of one tick.
package struct TickMeasurements: Sendable, Equatable {
    package var at: Timestamp
    package var measurements: [Measurement]

    package init(at: Timestamp, measurements: [Measurement]) {
        self.at = at
        self.measurements = measurements
    }
}

/// What the metrics said, tick by tick: the evidence behind the ledger.
enum MeasurementTable {
    static func append(_ save: StateSave, in db: Database) throws {
        let body = try StoredJSON.encode(save.measurements)
        let at = save.at.millisecondsSinceEpoch
        try db.execute(
            sql: "INSERT INTO measurement (flag, at, checksum, body) VALUES (?, ?, ?, ?)",
            arguments: [save.state.flag, at, checksum(at: at, body: body), body]
        )
    }

    /// The newest ticks about a flag, oldest first.
    static func newest(
        _ limit: Int,
        about flag: String,
        from db: Database,
        at path: String
    ) throws -> [TickMeasurements] {
        let rows = try Row.fetchAll(
            db,
            sql: "SELECT at, checksum, body FROM measurement WHERE flag = ? ORDER BY number DESC LIMIT ?",
            arguments: [flag, max(0, limit)]
        )
        return try rows.reversed().map { row in
            guard let at = row.integer(0), let stored = row.integer(1), let body = row.blob(2),
                checksum(at: at, body: body) == stored
            else {
                throw StateStoreError.damaged(path, "the checksum of a tick's measurements differs")
            }
            return TickMeasurements(
                at: Timestamp(millisecondsSinceEpoch: at),
                measurements: try StoredJSON.decode(
                    [Measurement].self,
                    from: body,
                    named: "measurements",
                    at: path
                )
            )
        }
    }

    private static func checksum(at: Int64, body: Data) -> Int64 {
        var sum = Checksum()
        sum.add(at)
        sum.add(body)
        return sum.stored
    }
}
