import Glibc
import Testing
import TidegateTestKit

/// The whole of it: clients that poll or stream, a service that counts them, a Prometheus that reads the service,
/// and a step at every interval, called as cron calls it.
@Suite("A rollout of the session service")
struct WorkloadTests {
    private static let clients = 300

    private static func ceiling(_ name: String, _ limit: String, _ metric: String) -> String {
        """
          - name: \(name)
            ceiling: \(limit)
            failures: \(metric)_failed_total{flag="sse", variant="sse"}
            exposures: \(metric)_total{flag="sse", variant="sse"}
            minimumSamples: 20
        """
    }

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

    /// A service, its Prometheus, and a rollout on both.
    private struct Stage {
        var server: SessionServer
        var prometheus: PrometheusServer
        var site: Site

        /// The service reads the published flag file, or another one.
        init(reading otherFlags: String? = nil) throws {
            var site = try Site(metrics: "http://127.0.0.1:9") { policy in
                policy.interval = "2s"
                policy.metricsKeys = "lag: 1s"
                policy.steps = [("10", "4s"), ("50", "4s"), ("100", "4s")]
                policy.fileKeys = "format: json, settle: 1s"
                policy.checks = [WorkloadTests.ceiling("sse-clients", "5%", "client_minutes")]
                policy.checks += WorkloadTests.splits
            }
            server = try SessionServer.start(
                flags: otherFlags ?? site.flagFile,
                clients: WorkloadTests.clients
            )
            let target = "127.0.0.1:\(server.port)"
            prometheus = try PrometheusServer.start(options: .with { $0.scrapeTargets = [target] })
            let url = prometheus.url
            try site.changePolicy { $0.url = url }
            self.site = site
            try start()
        }

        /// Starts the rollout as soon as its questions can be answered.
        private func start() throws {
            let deadline = ContinuousClock.now + .seconds(60)
            while true {
                let outcome = try site.run("start", "--reason", "test")
                if outcome.status == 0 { return }
                try #require(ContinuousClock.now < deadline, "\(outcome)")
                usleep(200_000)
            }
        }

        /// Steps like cron until the rollout has ended; `at` is called once for each new exposure.
        ///
        /// Returns the exposures in their order, and the status of the last step.
        func stepToTheEnd(at: (Double) throws -> Void) throws -> (exposures: [Double], status: Int32?) {
            var exposures = try [site.exposure]
            let deadline = ContinuousClock.now + .seconds(120)
            while true {
                let outcome = try site.run("step", "--quiet")
                let status = try site.report("status")
                let exposure = try site.exposure
                if exposure != exposures.last {
                    exposures.append(exposure)
                    try at(exposure)
                }
                if status.phase != "progressing" { return (exposures, outcome.status) }
                try #require(outcome.status == 0, "\(outcome)")
                try #require(ContinuousClock.now < deadline, "still at \(exposures)")
                usleep(250_000)
            }
        }
    }

    @Test("walks to 100 %, and serves exactly the clients that 'assign' names")
    func completes() throws {
        let stage = try Stage()
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
        let stage = try Stage(reading: directory.path("flags.json"))
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
        let stage = try Stage()
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
