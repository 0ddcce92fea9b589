import Glibc
import Synchronization

/// A real program that runs for a test, with a directory of its own.
///
/// It ends with ``stop()``, when the last reference goes, or when the test process dies in whatever way: a second,
/// tiny process waits for that and then kills the program and removes the directory.
package final class RunningProgram: Sendable {
    package let name: String
    package let processID: Int32
    /// Fresh and empty at start; removed with the program.
    package let directory: String

    private let guardian: Guardian
    private let isRunning = Mutex(true)

    /// Starts a program in a directory from ``makeDirectory()``, which it owns from then on.
    package init(_ command: [String], in directory: String) throws {
        do {
            let output = Self.outputPath(in: directory)
            processID = try ProgramLaunch.spawn(command, in: directory, outputPath: output)
            guardian = try Guardian(killing: processID, removing: directory)
        } catch {
            _ = try? ProgramLaunch.run(["rm", "-rf", directory], in: "/tmp")
            throw error
        }
        name = command[0]
        self.directory = directory
    }

    deinit { stop() }

    /// A fresh directory for one program.
    package static func makeDirectory() throws -> String {
        var template = Array("/tmp/tidegate-program-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ProgramError(program: "mkdtemp", reason: String(cString: strerror(errno)), output: "")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What the program has written so far, to either of its outputs.
    package var output: String { TextFile.read(Self.outputPath(in: directory)) }

    private static func outputPath(in directory: String) -> String { "\(directory)/output.log" }

    /// Asks again and again until `isReady` says so.
    ///
    /// - Throws: ``ProgramError`` when the program ends before, or is not ready in time.
    package func waitUntil(within limit: Duration = .seconds(60), _ isReady: () -> Bool) throws {
        let deadline = ContinuousClock.now + limit
        while !isReady() {
            guard !hasEnded() else {
                throw ProgramError(program: name, reason: "ended before it was ready", output: output)
            }
            guard ContinuousClock.now < deadline else {
                throw ProgramError(program: name, reason: "was not ready within \(limit)", output: output)
            }
            usleep(5_000)
        }
    }

    /// Ends the program: politely, and after five seconds by force; a second call does nothing.
    package func stop() {
        isRunning.withLock { isRunning in
            guard isRunning else { return }
            isRunning = false
            // The guardian goes first, while the process id is certainly still ours.
            guardian.dismiss()
            kill(-processID, SIGTERM)
            let deadline = ContinuousClock.now + .seconds(5)
            var status: Int32 = 0
            while waitpid(processID, &status, WNOHANG) == 0 {
                if ContinuousClock.now >= deadline { kill(-processID, SIGKILL) }
                usleep(2_000)
            }
        }
        _ = try? ProgramLaunch.run(["rm", "-rf", directory], in: "/tmp")
    }

    /// Whether the program has ended by itself; it is left unreaped, so that its process id stays taken.
    private func hasEnded() -> Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(processID), &information, WEXITED | WNOHANG | WNOWAIT)
        return result == 0 && information.si_signo != 0
    }
}

/// Outlives the test process just long enough to clean up behind it.
private struct Guardian: Sendable {
    private let processID: pid_t
    /// Closed by the kernel when the test process dies; nobody else inherits it.
    private let lifeline: Int32

    init(killing program: pid_t, removing directory: String) throws {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            kill(-program, SIGKILL)
            throw ProgramError(program: "socketpair", reason: String(cString: strerror(errno)), output: "")
        }
        lifeline = ends[1]
        defer { close(ends[0]) }
        do {
            processID = try ProgramLaunch.spawn(
                ["sh", "-c", "read line; kill -9 -\(program); rm -rf '\(directory)'"],
                in: "/",
                outputPath: "/dev/null",
                input: ends[0]
            )
        } catch {
            kill(-program, SIGKILL)
            close(ends[1])
            throw error
        }
    }

    func dismiss() {
        kill(-processID, SIGKILL)
        var status: Int32 = 0
        while waitpid(processID, &status, 0) == -1, errno == EINTR {}
        close(lifeline)
    }
}
