import FoundationEssentials
import Testing
import TidegateTestKit

/// The real session server with simulated clients, in seconds where a real one has minutes.
final class SessionServer: StartedServer {
    let port: UInt16
    let program: RunningProgram

    private init(port: UInt16, program: RunningProgram) {
        self.port = port
        self.program = program
    }

    deinit { program.stop() }

    /// Starts it on a free port; `clients` poll or stream from then on, as the flag file says.
    static func start(flags path: String, clients: Int) throws -> SessionServer {
        let program = try RunningProgram(
            [
                TidegateCommand.programPath("session-server"), "--port", "0", "--flags", path,
                "--flag-poll", "50ms", "--simulate-clients", "\(clients)", "--client-minute", "1s",
                "--poll", "1s", "--ttl", "500ms", "--ping", "1s", "--reassign-within", "500ms",
            ],
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

    /// What it says about one client.
    func assignment(of client: String) throws -> Assignment {
        let answer = try #require(
            LoopbackHTTP.send(port: port, path: "/api/assignment?client=\(client)")
        )
        return try JSONDecoder().decode(Assignment.self, from: Data(answer.body.utf8))
    }

    struct Assignment: Decodable, Equatable {
        var mode: String
        var percentage: Double
    }

    /// Makes a share of the streams fail.
    func failStreams(_ ratio: Double) throws {
        let answer = LoopbackHTTP.send(
            "PUT",
            port: port,
            path: "/api/faults",
            headers: ["Content-Type": "application/json"],
            body: Array(#"{"sse": \#(ratio)}"#.utf8)
        )
        try #require(answer?.status == 200)
    }

    /// The value of one series of its own page; nil while it is not there.
    func metric(_ series: String) -> Double? {
        let page = LoopbackHTTP.send(port: port, path: "/metrics")?.body ?? ""
        let line = page.split(separator: "\n").first { $0.hasPrefix("\(series) ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// How many requests its page counts with all of these labels, such as `transport="sse"`.
    func requests(_ labels: String...) -> Double {
        let page = LoopbackHTTP.send(port: port, path: "/metrics")?.body ?? ""
        let lines = page.split(separator: "\n").filter { line in
            line.hasPrefix("http_requests_total{") && labels.allSatisfy { line.contains($0) }
        }
        return lines.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }
}
