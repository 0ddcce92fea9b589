import Glibc

/// An invocation that is under way.
///
/// Whoever lets go of it without waiting for its end kills it.
package final class CommandProcess {
    package let processID: Int32
    private let scratch: TemporaryDirectory
    private var end: CommandOutcome.End?

    /// How long an invocation may take before the test fails: none needs a tenth of it.
    private static let patience = Duration.seconds(60)

    init(_ command: [String], _ invocation: TidegateCommand) throws {
        scratch = try TemporaryDirectory()
        let input = invocation.inputPath.map { open($0, O_RDONLY | O_CLOEXEC) }
        defer { if let input { close(input) } }
        processID = try ProgramLaunch.spawn(
            command,
            in: invocation.directory,
            outputPath: scratch.path("output"),
            errorPath: scratch.path("errors"),
            input: input,
            environment: invocation.environment
        )
    }

    deinit {
        guard end == nil else { return }
        kill(processID, SIGKILL)
        var status: Int32 = 0
        while waitpid(processID, &status, 0) == -1, errno == EINTR {}
    }

    /// Sends a signal; nothing happens to an invocation that has ended.
    package func send(_ signal: Int32) {
        if end == nil { kill(processID, signal) }
    }

    /// Waits until the invocation has stopped itself, and not ended.
    ///
    /// - Throws: ``ProgramError`` when it ends instead, or does neither.
    package func waitUntilStopped() throws {
        let status = try wait(for: WUNTRACED)
        guard status & 0xff == 0x7f else {
            end = Self.end(status)
            throw ProgramError(program: "tidegate", reason: "ended instead of stopping", output: words)
        }
    }

    /// Waits for the end, and for what was written until then.
    ///
    /// - Throws: ``ProgramError`` when it does not end in time; it is killed then.
    package func outcome() throws -> CommandOutcome {
        let end = try end ?? Self.end(wait(for: 0))
        self.end = end
        return CommandOutcome(
            end: end,
            output: TextFile.read(scratch.path("output")),
            errors: TextFile.read(scratch.path("errors"))
        )
    }

    private var words: String {
        TextFile.read(scratch.path("output")) + TextFile.read(scratch.path("errors"))
    }

    private func wait(for options: Int32) throws -> Int32 {
        let deadline = ContinuousClock.now + Self.patience
        var status: Int32 = 0
        while waitpid(processID, &status, options | WNOHANG) != processID {
            guard ContinuousClock.now < deadline else {
                throw ProgramError(program: "tidegate", reason: "is still running", output: words)
            }
            usleep(500)
        }
        return status
    }

    private static func end(_ status: Int32) -> CommandOutcome.End {
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
    }
}
