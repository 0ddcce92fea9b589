import Glibc

/// A server under load, as a process of its own that says where it listens.
///
/// It is killed when the last reference goes, and by the kernel when this process dies before.
package final class ServerProcess {
    package let processID: Int32
    package let port: UInt16
    /// A file without a name that gets what it writes to its error output.
    private let log: Int32
    private var hasEnded = false

    /// Starts a server and waits until it has said `listening on http://…:PORT`.
    ///
    /// - Parameters:
    ///   - command: Its path and arguments.
    ///   - environment: All the variables it gets.
    /// - Throws: ``LoadFailure`` when it cannot be started, or ends before it listens.
    package init(_ command: [String], environment: [String: String] = [:]) throws(LoadFailure) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .refused("no pair of sockets")
        }
        defer { close(ends[0]) }
        log = try Self.namelessFile()
        let started = Self.spawn(command, output: ends[1], errors: log, environment: environment)
        // Of the writing end the server alone is left, so that its end is seen.
        close(ends[1])
        processID = try started.get()
        guard let port = Self.announcedPort(on: ends[0]) else {
            kill(processID, SIGKILL)
            Self.reap(processID)
            let words = Self.lastWords(in: log)
            close(log)
            throw LoadFailure("\(command[0]) did not say where it listens", hint: words)
        }
        self.port = port
    }

    deinit {
        close(log)
        guard !hasEnded else { return }
        kill(processID, SIGKILL)
        Self.reap(processID)
    }

    /// The last that it has written to its error output.
    package var lastWords: String { Self.lastWords(in: log) }

    /// Asks it to end.
    package func terminate() { kill(processID, SIGTERM) }

    /// Whether it has ended by now, and with which wait status; nil while it runs.
    package func waitStatus() -> Int32? {
        var status: Int32 = 0
        guard !hasEnded, waitpid(processID, &status, WNOHANG) == processID else { return nil }
        hasEnded = true
        return status
    }

    private static func spawn(
        _ command: [String],
        output: Int32,
        errors: Int32,
        environment: [String: String]
    ) -> Result<Int32, LoadFailure> {
        // It becomes the program, under the same id.
        let line = ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"] + command
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        let arguments = line.map { strdup($0) }
        let variables = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { (arguments + variables).forEach { free($0) } }
        var child: pid_t = 0
        let problem = posix_spawn(&child, line[0], &actions, nil, arguments + [nil], variables + [nil])
        guard problem == 0 else {
            let why = String(cString: strerror(problem))
            return .failure(LoadFailure("\(line[0]): \(why)", hint: "apt-get install util-linux"))
        }
        return .success(child)
    }

    private static func namelessFile() throws(LoadFailure) -> Int32 {
        var name = Array("/tmp/tidegate-load-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw .refused("no temporary file for the server's log") }
        unlink(name)
        // Programs that somebody else starts at this moment have no business with it.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    private static func lastWords(in log: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 1_000)
        let start = max(0, lseek(log, 0, SEEK_END) - off_t(buffer.count))
        let count = pread(log, &buffer, buffer.count, start)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        return text.isEmpty ? "it said nothing" : "it said: \(text)"
    }

    private static func announcedPort(on descriptor: Int32) -> UInt16? {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1_024)
        while !text.contains(UInt8(ascii: "\n")) {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            text += buffer[..<count]
        }
        let line = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard line.hasPrefix("listening on http://") else { return nil }
        return line.split(separator: ":").last.flatMap { UInt16($0) }
    }

    private static func reap(_ process: Int32) {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
    }
}
