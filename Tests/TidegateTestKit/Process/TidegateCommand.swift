import Glibc

/// One invocation of the `tidegate` program that was built with the tests, the way cron would make it: almost no
/// environment, no terminal, and a working directory that is nobody's.
package struct TidegateCommand: Sendable {
    package var arguments: [String]
    /// All the variables it gets; cron's own unless changed.
    package var environment: [String: String]
    package var directory: String
    /// What it reads from standard input, by path.
    package var inputPath: String?
    /// A command that becomes the program, such as `setpriv --reuid=1`; empty for none.
    package var wrapper: [String]

    package static let cronEnvironment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LOGNAME": "cron"]

    package init(
        _ arguments: [String],
        adding variables: [String: String] = [:],
        in directory: String = "/",
        readingFrom inputPath: String? = nil,
        wrappedBy wrapper: [String] = []
    ) {
        self.arguments = arguments
        environment = Self.cronEnvironment.merging(variables) { $1 }
        self.directory = directory
        self.inputPath = inputPath
        self.wrapper = wrapper
    }

    /// A program beside the test bundle.
    package static func programPath(_ name: String = "tidegate") throws -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let bundle = String(
            decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
        let folder = bundle.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = (folder + [name[...]]).joined(separator: "/")
        guard access(path, X_OK) == 0 else {
            throw ProgramError(program: path, reason: "was not built", output: "")
        }
        return path
    }

    /// Runs it to its end.
    package func run() throws -> CommandOutcome {
        try start().outcome()
    }

    /// Starts it and returns at once.
    package func start() throws -> CommandProcess {
        try CommandProcess(wrapper + [Self.programPath()] + arguments, self)
    }

    /// Runs a line of shell in this invocation's environment and directory, in place of the program.
    ///
    /// - Parameters:
    ///   - line: As it stands in a crontab or in a job's script.
    ///   - shell: The shell and its options, the last of which takes the line.
    /// - Returns: How the shell ended, and what it wrote.
    /// - Throws: ``ProgramError`` when it cannot be started, or does not end in time.
    package func runLine(_ line: String, by shell: [String] = ["/bin/sh", "-c"]) throws -> CommandOutcome {
        try CommandProcess(shell + [line], self).outcome()
    }

    /// A wrapper that runs a line of shell first, in the process that becomes the program.
    package static func shell(_ line: String) -> [String] {
        ["/bin/sh", "-c", #"\#(line); exec "$0" "$@""#]
    }
}

/// How an invocation ended.
package struct CommandOutcome: Sendable, CustomStringConvertible {
    package var end: End
    package var output: String
    package var errors: String

    package enum End: Sendable, Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// Nil when a signal ended it.
    package var status: Int32? {
        guard case .exited(let status) = end else { return nil }
        return status
    }

    package var description: String { "\(end)\n\(output)\(errors)" }
}
