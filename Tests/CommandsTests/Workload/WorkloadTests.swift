import Glibc
import Testing
import TidegateTestKit

/// The whole of it: clients that poll or stream, a service that counts them, a Prometheus that reads the service,
/// and a step at every interval, called as cron calls it.
@Suite("A rollout of the session service")
struct WorkloadTests {
    private static let clients = Stage.clients

    private static func ceiling(_ name: String, _ limit: String, _ metric: String) -> String {
        """
          - name: \(name)
            ceiling: \(limit)
            failures: \(metric)_failed_total{flag="sse", variant="sse"}
            exposures: \(metric)_total{flag="sse", variant="sse"}
            minimumSamples: 20
        """
    }

    private static let checks = [ceiling("sse-clients", "5%", "client_minutes")] + splits

    /// The two ways to count clients.
    private static let splits = [
        """
          - name: clients
            split: {clients: 'session_clients{flag="sse", variant="$variant"}'}
        """,
        """
          - name: client-minutes
            split: {exposures: 'client_minutes_total{flag="sse", variant="$variant"}', every: 1s}
        """,
    ]

    @Test("walks to 100 %, and serves exactly the clients that 'assign' names")
    func completes() throws {
        let stage = try Stage(checks: Self.checks)
        defer { stage.prometheus.stop() }
        try Self.expectTheSameClients(stage)
        let (exposures, status) = try stage.stepToTheEnd { _ in }
        #expect(exposures == [10, 50, 100])
        #expect(status == 0)
        try stage.site.expectAgreement()
    }

    @Test("stays where it is, and says why, when the service reads another flag")
    func readsAnother() throws {
        let directory = try TemporaryDirectory()
        let stage = try Stage(reading: directory.path("flags.json"), checks: Self.checks)
        defer { stage.prometheus.stop() }
        try Self.poll("both ways to count see that nobody has the treatment") {
            let causes = try stage.site.report("step").causes
            return causes.suffix(2) == ["splitMismatch", "splitMismatch"]
        }
        #expect(try stage.site.exposure == 10)
        #expect(try stage.site.report("status").phase == "progressing")
        let audit = try stage.site.run("audit")
        #expect(audit.status == 11)
        #expect(audit.output.contains("the counts fit 0 %: nobody has the treatment"), "\(audit)")
    }

    @Test("comes back when streams fail, and new clients get none")
    func comesBack() throws {
        let stage = try Stage(checks: Self.checks)
        defer { stage.prometheus.stop() }
        let (exposures, status) = try stage.stepToTheEnd { exposure in
            if exposure == 50 { try stage.server.failStreams(0.6) }
        }
        #expect(exposures == [10, 50, 0])
        #expect(status == 10)
        let published = try #require(try stage.site.published)
        #expect(!published.enabled)
        #expect(published.rollout?.percentage == 0)
        try Self.poll("the service follows the flag") {
            stage.server.metric(#"rollout_percentage{flag="sse"}"#) == 0
        }
        for client in Self.ids {
            #expect(try stage.server.assignment(of: client).mode == "polling")
        }
        let answer = LoopbackHTTP.send(
            port: stage.server.port,
            path: "/api/sse/sessions?client=\(Self.ids[0])"
        )
        #expect(answer?.status == 204)
    }

    /// With the flag at 10 %: what the service counts, what it says, and what `tidegate assign` says.
    private static func expectTheSameClients(_ stage: Stage) throws {
        let outcome = try stage.site.command("assign", ids.flatMap { ["--id", $0] }).run()
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n").map { $0.split(separator: "\t").prefix(2) }
        #expect(lines.map(\.first) == ids.map { $0[...] })
        let treated = lines.filter { $0.last == "sse" }.count
        // 10 % of 300, and four standard deviations of 5.2 on either side.
        #expect((30 - 21...30 + 21).contains(treated))

        try poll("the service has read the flag") {
            stage.server.metric(#"rollout_percentage{flag="sse"}"#) == 10
        }
        for line in lines {
            #expect(try stage.server.assignment(of: String(line[0])).mode == String(line[1]))
        }
        try poll("the service counts \(treated) of \(clients) clients") {
            stage.server.metric(#"session_clients{flag="sse",variant="sse"}"#) == Double(treated)
                && stage.server.metric(#"session_clients{flag="sse",variant="polling"}"#)
                    == Double(clients - treated)
        }
    }

    private static let ids = (1...clients).map { number in
        "client-" + String(repeating: "0", count: 5 - "\(number)".count) + "\(number)"
    }

    /// Asks until it holds; gives up long after it should.
    private static func poll(_ what: String, _ holds: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !holds() {
            try #require(ContinuousClock.now < deadline, "never: \(what)")
            usleep(100_000)
        }
    }
}
