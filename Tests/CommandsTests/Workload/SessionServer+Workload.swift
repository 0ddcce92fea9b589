import FoundationEssentials
import Testing
import TidegateTestKit

/// With simulated clients, in seconds where a real one has minutes.
extension SessionServer {
    /// Starts it on a free port; `clients` poll or stream from then on, as the flag file says.
    static func start(flags path: String, clients: Int) throws -> SessionServer {
        try start(
            flags: path,
            [
                "--simulate-clients", "\(clients)", "--client-minute", "1s", "--poll", "1s", "--ttl",
                "500ms", "--ping", "1s", "--reassign-within", "500ms",
            ]
        )
    }

    /// What it says about one client, who asks from an address of its own as the simulated ones do.
    func assignment(of client: String) throws -> Assignment {
        let number = Int(client.suffix(5)) ?? 0
        let answer = try #require(
            LoopbackHTTP.send(
                port: port,
                path: "/api/assignment?client=\(client)",
                headers: ["X-Forwarded-For": "10.200.\(number / 250).\(number % 250 + 1)"]
            )
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

    /// How many requests its page counts with all of these labels, such as `transport="sse"`.
    func requests(_ labels: String...) -> Double {
        let lines = metrics.split(separator: "\n").filter { line in
            line.hasPrefix("http_requests_total{") && labels.allSatisfy { line.contains($0) }
        }
        return lines.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }
}
