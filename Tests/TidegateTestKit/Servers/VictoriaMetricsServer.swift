/// A real single-node VictoriaMetrics over made-up history.
package final class VictoriaMetricsServer: StartedServer {
    package let port: UInt16
    package let program: RunningProgram

    private init(port: UInt16, program: RunningProgram) {
        self.port = port
        self.program = program
    }

    /// Starts VictoriaMetrics, imports a history and waits until queries see it.
    package static func start(_ history: MetricsHistory? = nil) throws -> VictoriaMetricsServer {
        let server = try onFreePort { port in
            let directory = try RunningProgram.makeDirectory()
            let program = try RunningProgram(
                [
                    "victoria-metrics", "-storageDataPath=data", "-httpListenAddr=127.0.0.1:\(port)",
                    "-retentionPeriod=100y", "-loggerLevel=ERROR", "-memory.allowedBytes=64MB",
                ],
                in: directory
            )
            let server = VictoriaMetricsServer(port: port, program: program)
            try program.waitUntil { LoopbackHTTP.send(port: port, path: "/health")?.status == 200 }
            return server
        }
        if let history { try server.push(history) }
        return server
    }

    /// Adds samples to what is there and waits until queries see them.
    package func push(_ history: MetricsHistory) throws {
        let imported = LoopbackHTTP.send(
            "POST",
            port: port,
            path: "/api/v1/import/prometheus",
            body: Array(history.textFormat.utf8)
        )
        let flushed = LoopbackHTTP.send(port: port, path: "/internal/force_flush")
        guard imported?.status == 204, flushed?.status == 200 else {
            throw ProgramError(program: "victoria-metrics", reason: "refused the import", output: output)
        }
    }
}
