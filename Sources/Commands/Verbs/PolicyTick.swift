import PolicyFiles
import Rollout
import Stepping

/// One tick under a policy file as it is found: usable, or broken in the middle of a rollout.
///
/// A broken policy file must not stop the rollback of what is already out: such a tick judges under the accepted
/// policy and never advances.
struct PolicyTick: Sendable {
    var flag: String
    var store: StoreLocation
    /// The file's policy; nil where the file cannot be used.
    var loaded: LoadedPolicy?
    /// What is wrong with the file; nil where it can be used.
    var fault: Failure?

    /// What stands for the digest of a file that cannot be used: it equals no accepted policy's.
    private static let unusableDigest = "unusable"

    /// - Throws: Where the argument is no policy file.
    init(_ subject: Subject, named argument: String) throws(Failure) {
        flag = subject.flag
        store = subject.store
        switch subject {
        case .policy(let loaded, _): self.loaded = loaded
        case .unusable(let error, _, _): fault = Failure(error)
        case .flag: throw Failure(notAPolicy: argument)
        }
    }

    /// Observes, decides, and acts once.
    func report(in world: World) throws(SteppingError) -> TickReport {
        var report = try Stepper(world: world).step(
            flag: flag,
            policyDigest: loaded?.digest ?? Self.unusableDigest
        )
        // What is wrong with the file is said by whoever finds it so; it cannot be accepted as it is.
        if fault != nil, report.need == .policyChanged { report.tells = false }
        return report
    }

    /// The exit status of a process that made this one tick.
    func status(of report: TickReport, isDetailed: Bool) -> ExitStatus {
        let status = ExitStatus(report, isDetailed: isDetailed)
        let isOverruled = fault != nil && (status == .fine || status == .waitsForPerson)
        return isOverruled ? .badPolicy : status
    }
}

extension PolicyTick {
    /// The next tick of the same rollout, under the file as it is by then.
    ///
    /// A file that went away, or is about another rollout since, leaves this one guarded and not advanced.
    func again(under argument: String, _ state: StateOption, in wiring: Wiring) -> PolicyTick {
        do throws(Failure) {
            let next = try PolicyTick(wiring.subject(argument, state: state), named: argument)
            guard next.flag == flag, next.store == store else {
                throw Failure(
                    message: "the policy file is about another flag or store than when this run began",
                    hint: "put it back, or end this run and begin another",
                    status: .badPolicy
                )
            }
            return next
        } catch {
            var next = self
            next.loaded = nil
            next.fault = error
            return next
        }
    }
}
