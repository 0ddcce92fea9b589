/// A real server on a free port of 127.0.0.1, started for a test and ready when it is handed out.
///
/// ```swift
/// try PrometheusServer.start(history).use { server in
///     … server.url …
/// }
/// ```
package protocol StartedServer: AnyObject, Sendable {
    var port: UInt16 { get }
    var program: RunningProgram { get }
}

extension StartedServer {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// What the server has written so far, to either of its outputs.
    package var output: String { program.output }

    /// Ends the server and removes its directory; a second call does nothing.
    package func stop() { program.stop() }

    /// Hands the server to `body` and stops it afterwards, whether `body` returns or throws.
    package func use<Result>(_ body: (Self) throws -> Result) rethrows -> Result {
        defer { stop() }
        return try body(self)
    }

    /// Tries a start on up to five free ports: another process may take one between looking and listening.
    static func onFreePort(_ start: (UInt16) throws -> Self) throws -> Self {
        var attempts = 0
        while true {
            attempts += 1
            do {
                return try start(LoopbackHTTP.freePort())
            } catch let error as ProgramError {
                guard attempts < 5, error.output.contains("ddress already in use") else { throw error }
            }
        }
    }
}
