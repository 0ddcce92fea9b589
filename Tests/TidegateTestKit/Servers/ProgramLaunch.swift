import Glibc

/// A program could not be started, did not get ready, or failed; with what it wrote.
package struct ProgramError: Error, CustomStringConvertible {
    package var program: String
    package var reason: String
    package var output: String

    package init(program: String, reason: String, output: String) {
        self.program = program
        self.reason = reason
        self.output = output
    }

    package var description: String { "\(program) \(reason)\n\(output)" }
}

/// How programs are found and started: by path, without a shell, inheriting nothing but what is listed.
package enum ProgramLaunch {
    private static let searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/bin"]

    /// The absolute path of an installed program.
    package static func path(of name: String) throws -> String {
        if name.contains("/") { return name }
        for directory in searchPath where access("\(directory)/\(name)", X_OK) == 0 {
            return "\(directory)/\(name)"
        }
        throw ProgramError(program: name, reason: "is not installed; Scripts/setup installs it", output: "")
    }

    /// Runs a program to its end and returns what it wrote.
    ///
    /// - Throws: ``ProgramError`` unless it exits with status 0.
    @discardableResult
    package static func run(_ command: [String], in directory: String) throws -> String {
        let output = "\(directory)/.run-\(UInt64.random(in: 0 ... .max)).log"
        defer { unlink(output) }
        let child = try spawn(command, in: directory, outputPath: output)
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        let text = TextFile.read(output)
        guard status == 0 else {
            throw ProgramError(program: command[0], reason: "failed with wait status \(status)", output: text)
        }
        return text
    }

    /// Starts a program in a process group of its own.
    ///
    /// - Parameters:
    ///   - command: The program's name or path, and its arguments.
    ///   - directory: Where it runs.
    ///   - outputPath: The file that gets its output; appended to.
    ///   - errorPath: The file that gets its error output; nil where that goes the same way as the output.
    ///   - input: A descriptor that becomes its standard input; nil for an empty one.
    ///   - environment: All the variables it gets; nil for a search path and little else.
    /// - Returns: The process id, which is that of the group too.
    /// - Throws: ``ProgramError`` when the program is not installed.
    static func spawn(
        _ command: [String],
        in directory: String,
        outputPath: String,
        errorPath: String? = nil,
        input: Int32? = nil,
        environment: [String: String]? = nil
    ) throws -> pid_t {
        // Changing the directory is the shell's only part: it then becomes the program, under the same id.
        let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, directory, try path(of: command[0])]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if let errorPath {
            posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A parent that ignores or blocks signals must not pass that on.
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        var allSignals = sigset_t()
        sigfillset(&allSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setsigdefault(&attributes, &allSignals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )

        let usual = ["PATH": searchPath.joined(separator: ":"), "HOME": directory, "LC_ALL": "C.UTF-8"]
        let variables = (environment ?? usual).map { "\($0.key)=\($0.value)" }
        var child: pid_t = 0
        let failure = withCStrings(shell + command.dropFirst()) { arguments in
            withCStrings(variables) { variables in
                posix_spawn(&child, shell[0], &actions, &attributes, arguments, variables)
            }
        }
        guard failure == 0 else {
            throw ProgramError(program: command[0], reason: String(cString: strerror(failure)), output: "")
        }
        return child
    }

    private static func withCStrings<R>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> R
    ) -> R {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
