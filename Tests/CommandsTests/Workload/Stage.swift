import Glibc
import Testing
import TidegateTestKit

/// A service, its Prometheus, and a rollout on both.
struct Stage {
    static let clients = 300

    var server: SessionServer
    var prometheus: PrometheusServer
    var site: Site

    /// The service reads the published flag file, or another one.
    init(
        reading otherFlags: String? = nil,
        baking bake: String = "4s",
        checks: [String]
    ) throws {
        var site = try Site(metrics: "http://127.0.0.1:9") { policy in
            policy.interval = "2s"
            policy.metricsKeys = "lag: 1s"
            policy.steps = [("10", bake), ("50", bake), ("100", bake)]
            policy.fileKeys = "format: json, settle: 1s"
            policy.checks = checks
        }
        server = try SessionServer.start(
            flags: otherFlags ?? site.flagFile,
            clients: Self.clients
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
