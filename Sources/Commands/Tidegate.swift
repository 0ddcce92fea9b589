package import ArgumentParser
import Glibc
import HTTPTransport

/// The command line.
package struct Tidegate: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tidegate",
        abstract:
            "Raises a feature flag step by step, judges every step from metrics, and rolls back by itself.",
        discussion: """
            Begin with 'tidegate lint', then 'start'; 'step' from cron does the rest. Exit statuses: 0 fine, \
            10 rolled back, 11 waits for a person; errors from 64 as in sysexits.
            """,
        version: version,
        subcommands: [
            Lint.self, Plan.self, Rehearse.self, Start.self, Step.self, Run.self, Status.self, Pause.self,
            Resume.self, Promote.self, AcceptPolicy.self, Rollback.self, History.self, Explain.self,
            Assign.self,
            Audit.self,
        ]
    )

    package init() {}

    /// Names libcurl only when asked: loading it takes longer than most verbs.
    private static var version: String {
        let isAsked = CommandLine.arguments.contains("--version")
        return isAsked ? "tidegate 0.1.0 (\(HTTPTransport.libcurlVersion))" : "tidegate 0.1.0"
    }

    /// Runs the program with the process's arguments; does not return.
    package static func run() -> Never {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == Step.configuration.commandName {
            let warmUp = WarmUp.begin()
            // Cron's verb every minute: spares building the other verbs, unless its arguments need explaining.
            if let step = try? Step.parse(Array(arguments.dropFirst())) { run(step, during: warmUp) }
            warmUp.wait()
        }
        main()
        leave(ExitCode.success)
    }

    private static func run(_ step: Step, during warmUp: WarmUp) -> Never {
        do {
            try step.run()
            leave(ExitCode.success)
        } catch let status as ExitCode {
            leave(status)
        } catch {
            warmUp.wait()
            exit(withError: error)
        }
    }

    /// Everything is saved and printed: the process's end cleans up faster than its libraries would, and whatever
    /// still warms up ends with it.
    private static func leave(_ status: ExitCode) -> Never {
        fflush(nil)
        _exit(status.rawValue)
    }
}
