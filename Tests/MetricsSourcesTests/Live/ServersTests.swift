import Rollout
import Testing
import TidegateTestKit

@Suite("A started server")
struct ServersTests {
    private static var history: MetricsHistory {
        var history = MetricsHistory(endingAt: .newYear)
        history.counter("http_requests_total", ["status": "200", "path": "a\"b\\c\nd"], perSecond: 10)
        history.gauge("load", value: .nan)
        return history
    }

    private static let query = "/api/v1/query?time=1767225600&query=http_requests_total"

    @Test("answers from the history it was started with: Prometheus")
    func prometheus() throws {
        try PrometheusServer.start(Self.history).use { server in
            let answer = try #require(LoopbackHTTP.send(port: server.port, path: Self.query))
            #expect(answer.body.contains(#"[1767225600,"18000"]"#))
        }
    }

    @Test("answers from the history it was started with: VictoriaMetrics")
    func victoriaMetrics() throws {
        try VictoriaMetricsServer.start(Self.history).use { server in
            let answer = try #require(LoopbackHTTP.send(port: server.port, path: Self.query))
            #expect(answer.body.contains(#"[1767225600,"18000"]"#))
        }
    }

    @Test("serves what its configuration says: nginx")
    func nginx() throws {
        try NginxServer.start("location / { return 418 '$PORT'; }").use { server in
            let answer = try #require(LoopbackHTTP.send(port: server.port, path: "/"))
            #expect(answer.status == 418)
            #expect(answer.body == "\(server.port)")
        }
    }

    @Test("leaves neither process nor directory behind")
    func stops() throws {
        let server = try NginxServer.start("location / { return 200; }")
        let directory = server.program.directory
        #expect(try ProgramLaunch.run(["ls", directory], in: "/tmp").contains("nginx.conf"))
        server.stop()
        #expect(!LoopbackHTTP.accepts(port: server.port))
        #expect(throws: ProgramError.self) { try ProgramLaunch.run(["ls", directory], in: "/tmp") }
    }

    @Test("that ends by itself says what it wrote")
    func endsEarly() {
        let error = #expect(throws: ProgramError.self) { try NginxServer.start("nonsense;") }
        #expect(error?.output.contains("unknown directive") == true)
    }
}
