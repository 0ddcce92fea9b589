package import Assignment
package import Stepping

/// A target whose calls fail as planned; names of its calls: `target.read`, `target.carryOut`, `target.probe`.
package struct FaultyTarget: FlagTarget {
    private let base: any FlagTarget
    private let plan: FaultPlan
    private let error: FlagTargetError

    package init(
        _ base: any FlagTarget,
        failing plan: FaultPlan,
        with error: FlagTargetError = .unavailable("no space left on device", hint: nil)
    ) {
        self.base = base
        self.plan = plan
        self.error = error
    }

    package var identity: String { base.identity }

    package func read() throws(FlagTargetError) -> Allocation? {
        try call("target.read") { () throws(FlagTargetError) in try base.read() }
    }

    package func carryOut(_ order: PublishOrder) throws(FlagTargetError) -> Allocation? {
        try call("target.carryOut") { () throws(FlagTargetError) in try base.carryOut(order) }
    }

    package func probe() throws(FlagTargetError) {
        try call("target.probe") { () throws(FlagTargetError) in try base.probe() }
    }

    private func call<Result>(
        _ name: String,
        _ body: () throws(FlagTargetError) -> Result
    ) throws(FlagTargetError) -> Result {
        switch plan.moment(of: name) {
        case nil: return try body()
        case .before: throw error
        case .after:
            _ = try body()
            throw error
        }
    }
}
