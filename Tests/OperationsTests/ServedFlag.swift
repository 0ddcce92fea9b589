import TidegateTestKit

/// A session server and the flag file that it reads.
final class ServedFlag: StartedServer {
    let server: SessionServer
    private let flags: TemporaryDirectory

    private init(_ server: SessionServer, flags: TemporaryDirectory) {
        self.server = server
        self.flags = flags
    }

    /// Starts a server that gives this share of clients a stream, with options of a test's own.
    static func start(percentage: Double = 100, _ options: String...) throws -> ServedFlag {
        let flags = try TemporaryDirectory()
        let path = flags.path("flags.json")
        let flag = #"{"sse": {"enabled": true, "rollout": {"percentage": \#(percentage), "revision": 1}}}"#
        try TextFile.write(flag, to: path)
        let patience = ["--reassign-within", "100ms", "--drain", "100ms"]
        return ServedFlag(try SessionServer.start(flags: path, patience + options), flags: flags)
    }

    var port: UInt16 { server.port }

    var program: RunningProgram { server.program }

    /// The folder with the flag file `flags.json`.
    var flagFolder: String { flags.path }

    var metrics: String { server.metrics }

    /// Asks again and again until the metrics page has a line.
    func waitForMetric(_ line: String) throws {
        try program.waitUntil { metrics.split(separator: "\n").contains(line[...]) }
    }
}
