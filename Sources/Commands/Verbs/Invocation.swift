import ArgumentParser
import FoundationEssentials
import Glibc
import PolicyFiles
import Rollout
import Stepping

/// A verb: its arguments, and what it does with them.
protocol TidegateVerb: ParsableCommand {
    var output: OutputOptions { get }

    /// Carries the verb out, prints its result, and says how it ended.
    func execute(_ invocation: Invocation) throws -> ExitStatus
}

extension TidegateVerb {
    /// Runs the verb and turns whatever happened into words and an exit status.
    func run() throws {
        // A reader that goes away is a normal end, not a signal to die by in the middle of a tick.
        signal(SIGPIPE, SIG_IGN)
        let invocation = Invocation(output: output, environment: ProcessInfo.processInfo.environment)
        let status: ExitStatus
        do {
            status = try execute(invocation)
        } catch let failure as Failure {
            status = invocation.report(failure)
        } catch let error as SteppingError {
            status = invocation.report(Failure(error))
        } catch let error as StateStoreError {
            status = invocation.report(Failure(error))
        }
        if status != .fine { throw ExitCode(status.rawValue) }
    }
}

/// One run of the program: its wiring and its console.
struct Invocation: Sendable {
    var wiring: Wiring
    var console: Console
    var host: Host

    init(output: OutputOptions, environment: [String: String]) {
        wiring = Wiring(environment: environment)
        console = Console(options: output, environment: environment)
        host = Host(environment: environment)
    }

    /// Who asks, and why.
    func request(_ options: RequestOptions) -> Request {
        Request(actor: options.actor ?? host.actor, reason: options.reason)
    }

    /// Prints an error, also as JSON where that was asked for.
    func report(_ failure: Failure) -> ExitStatus {
        for line in failure.lines { console.notice(line) }
        if console.options.json, let text = try? JSONText.encode(FailureView(failure)) { console.json(text) }
        return failure.status
    }

    /// Prints what a tick or a verb came to, and tells what a person must know.
    func report(
        _ report: TickReport,
        kind: String,
        subject: String,
        flag: String,
        policy: Policy? = nil,
        isLong: Bool = false,
        outlook: Outlook? = nil,
        status: ExitStatus
    ) throws -> ExitStatus {
        var view = RolloutView(
            kind: kind,
            report: report,
            policy: policy,
            flag: flag,
            subject: subject,
            status: status
        )
        view.outlook = outlook.map { OutlookView($0, isAssumed: false) }
        view.foreseen = outlook
        view.isTrafficUnknown =
            outlook == nil && report.decision == .notStarted && policy?.comparisonChecks.isEmpty == false
        if console.options.json {
            console.json(try JSONText.encode(view))
        } else {
            console.result(isLong ? view.text(console) : view.shortText(console))
        }
        tell(report, flag: flag, subject: subject)
        return status
    }

    private func tell(_ report: TickReport, flag: String, subject: String) {
        if report.tells, let need = report.need {
            console.notice(need.line(flag: flag, subject: subject))
        }
        for problem in report.problems {
            console.notice("error: \(problem.text)")
            if let hint = problem.hint { console.notice("hint: \(hint)") }
        }
    }
}
