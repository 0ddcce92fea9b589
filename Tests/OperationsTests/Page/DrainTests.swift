import Glibc
import Testing
import TidegateTestKit

@Suite("A service that is asked to end")
struct DrainTests {
    @Test("says so to probes, to Prometheus and to its streams")
    func drains() throws {
        try ServedFlag.start("--drain", "5s", "--max-streams-per-client", "50").use { server in
            // Among so many moments within five seconds one is late enough to be looked at before.
            let streams = try CurlStream(
                "\(server.url)/api/sse/sessions?client=c[1-12]",
                "-Z",
                "--parallel-immediate"
            )
            try streams.waitUntil { $0.count("snapshot") == 12 }
            #expect(server.metrics.contains("\nservice_draining 0\n"))
            #expect(LoopbackHTTP.send(port: server.port, path: "/readyz")?.status == 200)
            kill(-server.program.processID, SIGTERM)
            try server.program.waitUntil {
                LoopbackHTTP.send(port: server.port, path: "/readyz")?.status == 503
            }
            #expect(server.metrics.contains("\nservice_draining 1\n"))
            try streams.waitUntil { $0.hasEnded }
            #expect(streams.count("control") == 12)
        }
    }
}
