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
        version: "tidegate 0.1.0 (\(HTTPTransport.libcurlVersion))",
        subcommands: [
            Lint.self, Plan.self, Start.self, Step.self, Status.self, Pause.self, Resume.self, Promote.self,
            AcceptPolicy.self, Rollback.self, History.self, Assign.self,
        ]
    )

    package init() {}

    /// Runs the program with the process's arguments; does not return.
    package static func run() -> Never {
        if CommandLine.arguments.dropFirst().first == Step.configuration.commandName { WarmUp.begin() }
        main()
        // Everything is saved and printed: the process's end cleans up faster than its libraries would.
        fflush(nil)
        _exit(ExitStatus.fine.rawValue)
    }
}
