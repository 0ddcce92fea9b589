import Glibc
import Testing
import TidegateTestKit

/// The real session server, as an operator starts it, with options of a test's own.
final class SessionServer: StartedServer {
    let port: UInt16
    let program: RunningProgram
    private let flags: TemporaryDirectory

    private init(port: UInt16, program: RunningProgram, flags: TemporaryDirectory) {
        self.port = port
        self.program = program
        self.flags = flags
    }

    deinit { program.stop() }

    /// Starts it on a free port, with a flag file that gives this share of clients a stream.
    static func start(percentage: Double = 100, _ options: String...) throws -> SessionServer {
        let flags = try TemporaryDirectory()
        let path = flags.path("flags.json")
        try TextFile.write(Self.flagFile(percentage), to: path)
        let program = try RunningProgram(
            [
                TidegateCommand.programPath("session-server"), "--port", "0", "--flags", path, "--flag-poll",
                "50ms", "--reassign-within", "100ms", "--drain", "100ms",
            ] + options,
            in: RunningProgram.makeDirectory()
        )
        var port: UInt16?
        try program.waitUntil {
            port = program.output.split(separator: "\n").lazy
                .compactMap { $0.wholeMatch(of: /listening on http:\/\/127\.0\.0\.1:(\d+)/)?.1 }
                .first.flatMap { UInt16($0) }
            return port != nil
        }
        return SessionServer(port: try #require(port), program: program, flags: flags)
    }

    private static func flagFile(_ percentage: Double) -> String {
        #"{"sse": {"enabled": true, "rollout": {"percentage": \#(percentage), "revision": 1}}}"#
    }

    /// The folder with the flag file `flags.json`.
    var flagFolder: String { flags.path }

    /// The metrics page of this moment.
    var metrics: String { LoopbackHTTP.send(port: port, path: "/metrics")?.body ?? "" }

    /// Asks again and again until the metrics page has a line.
    func waitForMetric(_ line: String) throws {
        try program.waitUntil { metrics.split(separator: "\n").contains(line[...]) }
    }
}
