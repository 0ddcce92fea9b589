import Rollout
import Stepping

/// Every exit status of the program, in one table.
enum ExitStatus: Int32, Sendable, Equatable, CaseIterable {
    /// Advanced, held, completed, or nothing to do.
    case fine = 0
    /// `plan --detailed-exitcode`: the tick would change something.
    case wouldChange = 2
    case rolledBack = 10
    /// Only a person can go on.
    case waitsForPerson = 11
    case usage = 64
    case badData = 65
    case unavailable = 69
    case bug = 70
    case inputOutput = 74
    case lostRaces = 75
    case noPermission = 77
    case badPolicy = 78
}

extension ExitStatus {
    /// The status a tick or a verb deserves: what failed first, then what was decided.
    init(_ report: TickReport, isDetailed: Bool) {
        if let problem = report.problems.map(ExitStatus.init).max(by: { $0.weight < $1.weight }) {
            self = problem
        } else if report.decision == .rolledBack {
            self = .rolledBack
        } else if let refusal = report.measurements.lazy.compactMap(\.refusal).first {
            self = ExitStatus(refusal)
        } else if isDetailed, report.need != nil || report.state?.phase.name == .paused {
            self = .waitsForPerson
        } else {
            self = .fine
        }
    }

    init(_ problem: Problem) {
        switch problem {
        case .store(let error): self.init(error)
        case .target(_, let error): self.init(error)
        }
    }

    init(_ error: StateStoreError) {
        switch error {
        case .conflict: self = .lostRaces
        case .corrupt, .unavailable: self = .inputOutput
        case .newerSchema: self = .unavailable
        case .forbidden: self = .noPermission
        }
    }

    init(_ error: FlagTargetError) {
        switch error {
        case .superseded, .unreadable, .unavailable, .unconfirmed: self = .unavailable
        case .forbidden: self = .noPermission
        }
    }

    init(_ error: SteppingError) {
        switch error {
        case .refused(let refused): self.init(refused.kind)
        case .store(let error): self.init(error)
        case .target(_, let error): self.init(error)
        case .lostRaces: self = .lostRaces
        }
    }

    private init(_ kind: Refused.Kind) {
        switch kind {
        case .usage: self = .usage
        case .unavailable: self = .unavailable
        case .permission: self = .noPermission
        case .policy: self = .badPolicy
        }
    }

    init(_ refusal: Refusal) {
        switch refusal {
        case .credentials: self = .noPermission
        case .request: self = .badPolicy
        case .malformed: self = .unavailable
        }
    }

    /// A store that cannot be written outweighs a target that cannot.
    private var weight: Int {
        switch self {
        case .inputOutput: 3
        case .noPermission: 2
        default: 1
        }
    }
}

extension Measurement {
    fileprivate var refusal: Refusal? {
        guard case .refused(let refusal, _) = outcome else { return nil }
        return refusal
    }
}
