import Assignment
import FoundationEssentials
import GRDB
import Rollout

extension SQLiteStateStore {
    /// Loads what the first opening, load and save need: SQLite, and the types that states are written with.
    ///
    /// Harmless to call at any time, from any thread, or never.
    package static func warmUp() {
        if let body = try? StoredJSON.encode(RolloutState.specimen) {
            _ = try? StoredJSON.decode(RolloutState.self, from: body, named: "specimen", at: "")
        }
        let queue = try? DatabaseQueue()
        try? queue?.inDatabase { db in
            try db.inTransaction(.immediate) {
                try db.execute(sql: "CREATE TABLE warm (a BLOB)")
                try db.execute(sql: "INSERT INTO warm VALUES (?)", arguments: [Data([1])])
                return .commit
            }
            _ = try Row.fetchOne(db, sql: "SELECT a FROM warm WHERE a = ?", arguments: [Data([1])])
        }
    }
}

extension RolloutState {
    /// A state with something of most kinds in it; never saved.
    fileprivate static var specimen: RolloutState {
        let now = Timestamp(millisecondsSinceEpoch: 0)
        let allocation = Allocation(enabled: true, percentage: .hundred, salt: "", revision: 1)
        let policy = Policy(
            flag: "",
            variants: Variants(treatment: "", control: ""),
            store: .sqlite(path: ""),
            steps: [Step(percentage: .hundred, bake: .zero)],
            metrics: .prometheus(PrometheusLocation(url: "")),
            checks: [
                Check(name: "a", rule: .ceiling(Ceiling(limit: 1, failures: "", exposures: ""))),
                Check(name: "b", rule: .query(Query(expression: "", bound: .max(1)))),
            ],
            targets: [.file(path: "", format: .json, settle: .zero)]
        )
        var progress = StepProgress.beginning(at: now, checks: policy.checks)
        progress.checks[0].intervals = [IntervalCounts(failures: 0, exposures: 0)]
        progress.checks[0].latest = CheckSummary(cause: .healthy, limit: 1, reason: "", at: now)
        return RolloutState(
            flag: "",
            generation: 1,
            policy: policy,
            policyDigest: "",
            phase: .progressing(step: 0),
            revision: 1,
            confirmed: allocation,
            targets: [TargetRecord(identity: "", published: allocation)],
            progress: progress,
            startedAt: now
        )
    }
}
