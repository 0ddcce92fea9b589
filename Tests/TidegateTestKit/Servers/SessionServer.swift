import Glibc
import Testing

/// The real session server, as an operator starts it, on a free port.
package final class SessionServer: StartedServer {
    package let port: UInt16
    package let program: RunningProgram

    private init(port: UInt16, program: RunningProgram) {
        self.port = port
        self.program = program
    }

    deinit { program.stop() }

    /// Starts it with a flag file, which need not be there yet, and options of a test's own.
    package static func start(flags path: String, _ options: [String]) throws -> SessionServer {
        let program = try RunningProgram(
            [
                TidegateCommand.programPath("session-server"), "--port", "0", "--flags", path,
                "--flag-poll", "50ms",
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
        return SessionServer(port: try #require(port), program: program)
    }

    /// The metrics page of this moment.
    package var metrics: String { LoopbackHTTP.send(port: port, path: "/metrics")?.body ?? "" }

    /// The value of one series of its page; nil while it is not there.
    package func metric(_ series: String) -> Double? {
        let line = metrics.split(separator: "\n").first { $0.hasPrefix("\(series) ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }
    }
}
