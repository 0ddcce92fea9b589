import FoundationEssentials
package import Rollout

/// A real Prometheus over made-up history; it scrapes nothing unless told to.
package final class PrometheusServer: StartedServer {
    package let port: UInt16
    package let program: RunningProgram
    private let options: Options

    /// What ``Options/basicAuth`` lets in.
    package static let user = "tidegate"
    package static let password = "open sesame"
    private static let passwordHash = "$2b$04$abcdefghijklmnopqrstuu/LVz6MZlItEy42I2juLihZ66HnQx/cy"

    /// How the server differs from a plain one.
    package struct Options: Sendable {
        /// Ask another, dead server too, so that every answer comes with a warning.
        package var deadRemoteRead = false
        /// Queries that need more samples fail with 422.
        package var maxSamples: Int?
        /// Queries that take longer fail with 503.
        package var queryTimeout: Span?
        /// Let in nobody but ``PrometheusServer/user`` with ``PrometheusServer/password``.
        package var basicAuth = false
        /// Accept pushed samples under `/api/v1/write`.
        package var remoteWriteReceiver = false
        /// Serve everything under this path, such as `/prom`.
        package var pathPrefix = ""
        /// Scrape `/metrics` of these `host:port`s every second.
        package var scrapeTargets: [String] = []
        /// What the job of those targets is called.
        package var scrapeJob = "web"
        /// Files of rules, by absolute path; they are evaluated every second.
        package var ruleFiles: [String] = []

        package init() {}

        /// A plain server with one thing changed.
        package static func with(_ change: (inout Options) -> Void) -> Options {
            var options = Options()
            change(&options)
            return options
        }
    }

    private init(port: UInt16, program: RunningProgram, options: Options) {
        self.port = port
        self.program = program
        self.options = options
    }

    /// The address clients are given: like ``StartedServer/url``, with the path prefix.
    package var baseURL: String { url + options.pathPrefix }

    /// Asks an instant query without any access control and returns the whole answer, whatever it says.
    package func answer(to expression: String) -> String {
        let form = "query=" + expression.utf8.map(Self.escaped).joined()
        let answer = LoopbackHTTP.send(
            "POST",
            port: port,
            path: "\(options.pathPrefix)/api/v1/query",
            headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array(form.utf8)
        )
        return answer?.body ?? ""
    }

    private static func escaped(_ byte: UInt8) -> String {
        let hex = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "%0\(hex)" : "%\(hex)"
    }

    /// Starts Prometheus with a history and waits until it is ready.
    package static func start(
        _ history: MetricsHistory? = nil,
        options: Options = Options()
    ) throws -> PrometheusServer {
        try onFreePort { port in
            let directory = try RunningProgram.makeDirectory()
            if let history {
                try TextFile.write(history.openMetrics, to: "\(directory)/history.om")
                try ProgramLaunch.run(
                    ["promtool", "tsdb", "create-blocks-from", "openmetrics", "history.om", "data"],
                    in: directory
                )
            }
            try TextFile.write(configuration(options), to: "\(directory)/prometheus.yml")
            var command = [
                "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                "--storage.tsdb.retention.time=100y", "--log.level=error",
                "--web.listen-address=127.0.0.1:\(port)",
            ]
            if let limit = options.maxSamples { command.append("--query.max-samples=\(limit)") }
            if let limit = options.queryTimeout { command.append("--query.timeout=\(limit)") }
            if options.remoteWriteReceiver { command.append("--web.enable-remote-write-receiver") }
            if !options.pathPrefix.isEmpty {
                command.append("--web.external-url=http://127.0.0.1:\(port)\(options.pathPrefix)")
            }
            if options.basicAuth {
                try TextFile.write(
                    "basic_auth_users: {\(user): \(passwordHash)}\n",
                    to: "\(directory)/web.yml"
                )
                command.append("--web.config.file=web.yml")
            }
            let program = try RunningProgram(command, in: directory)
            let server = PrometheusServer(port: port, program: program, options: options)
            try program.waitUntil {
                let headers = options.basicAuth ? ["Authorization": authorization] : [:]
                let path = "\(options.pathPrefix)/-/ready"
                return LoopbackHTTP.send(port: port, path: path, headers: headers)?.status == 200
            }
            return server
        }
    }

    private static let authorization = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()

    private static func configuration(_ options: Options) -> String {
        var text = "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
        if !options.ruleFiles.isEmpty {
            text += "rule_files: [\(options.ruleFiles.map { "'\($0)'" }.joined(separator: ", "))]\n"
        }
        if options.deadRemoteRead {
            // Port 1 of the loopback: reserved, and nobody listens there.
            text += "remote_read: [{url: 'http://127.0.0.1:1/read', read_recent: true}]\n"
        }
        if !options.scrapeTargets.isEmpty {
            let targets = options.scrapeTargets.map { "'\($0)'" }.joined(separator: ", ")
            text += "scrape_configs: [{job_name: \(options.scrapeJob), static_configs: [{targets: [\(targets)]}]}]\n"
        }
        return text
    }
}
