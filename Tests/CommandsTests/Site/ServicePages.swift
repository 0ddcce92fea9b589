import Glibc
import TidegateTestKit

/// A service of a few instances, each with a metrics page that a test turns on.
struct ServicePages {
    private let server: NginxServer
    private(set) var instances: [Instance]

    /// What one instance has counted.
    struct Instance {
        var requests = 1_000
        /// Nil before the first failure: there is no series then.
        var failures: Int?
        /// Minutes of clients of each variant; nil where there is no series.
        var clientMinutes: (sse: Int?, polling: Int?) = (nil, nil)
        /// In seconds since 1970.
        var start = 1_767_225_600

        /// Lets a new process take the place of this one, now.
        mutating func restart() { start = time(nil) }
        var isDown = false
    }

    init(instances count: Int = 1) throws {
        instances = Array(repeating: Instance(), count: count)
        server = try NginxServer.start(
            """
            if (-f $DIR$uri.down) { return 503; }
            location / { default_type 'text/plain; version=0.0.4'; }
            """
        )
        for index in instances.indices { try write(index) }
    }

    var urls: [String] { instances.indices.map { "\(server.url)/\($0)/metrics" } }

    func stop() { server.stop() }

    /// Changes an instance, and with it what its page shows.
    mutating func change(_ index: Int = 0, _ body: (inout Instance) -> Void) throws {
        body(&instances[index])
        try write(index)
    }

    /// More requests on every instance, some of which fail.
    mutating func serve(_ requests: Int, failing: Int = 0) throws {
        for index in instances.indices {
            try change(index) { instance in
                instance.requests += requests
                if failing > 0 { instance.failures = (instance.failures ?? 0) + failing }
            }
        }
    }

    private func write(_ index: Int) throws {
        let instance = instances[index]
        let folder = "\(server.program.directory)/\(index)"
        try ProgramLaunch.run(["mkdir", "-p", folder], in: "/tmp")
        let labels = "service=\"web\""
        let failures = instance.failures.map { "http_requests_total{\(labels),status=\"503\"} \($0)\n" } ?? ""
        let minutes = [("sse", instance.clientMinutes.sse), ("polling", instance.clientMinutes.polling)]
            .compactMap { variant, count in
                count.map { "client_minutes_total{variant=\"\(variant)\"} \($0)\n" }
            }
        let page = """
            # TYPE http_requests_total counter
            http_requests_total{\(labels),status="200"} \(instance.requests - (instance.failures ?? 0))
            \(failures)\(minutes.joined())# TYPE process_start_time_seconds gauge
            process_start_time_seconds \(instance.start)

            """
        try TextFile.write(page, to: "\(folder)/metrics", mode: 0o644)
        try ProgramLaunch.run(
            instance.isDown ? ["touch", "metrics.down"] : ["rm", "-f", "metrics.down"],
            in: folder
        )
    }
}
