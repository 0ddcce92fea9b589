import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import ServiceLifecycle
import SessionService
import UnixSignals

/// The command line of the session service.
@main
struct SessionServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session-server",
        abstract: "Serve a list of sessions by polling or by Server-Sent Events, as a feature flag says.",
        discussion: """
            The flag comes from a file in the controller's json format, else from SSE_ENABLED,
            SSE_ROLLOUT_PERCENTAGE and their sisters, else it is off. Durations are written like 60s or 500ms.

            A caller is who has logged in, else the address a request comes from. A line of the file for --tokens is
            made from a long random token, such as openssl rand -hex 32 gives, by

                echo "alice $(printf %s "$TOKEN" | sha256sum | cut -d' ' -f1) 2027-12-31T00:00:00Z"

            where the last word, when the login ends, may be left out. /metrics, /healthz, /readyz and the page
            itself need no login.
            """
    )

    /// How long the process may take to end after it is asked to.
    private static let longestShutdown = Duration.seconds(20)

    @OptionGroup var options: ServerOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions
    @OptionGroup(title: "Access") var access: AccessOptions
    @OptionGroup(title: "Trying things out") var simulation: SimulationOptions

    func validate() throws {
        try options.validate()
        try limits.validate()
        try simulation.validate()
    }

    func run() async throws {
        StreamCapacity.raiseOpenFiles()
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        let logger = Logger(label: "session-server")
        let (ports, listening) = AsyncStream<Int>.makeStream()
        do {
            let server = try await SessionServer(settings, logger: logger) { port in
                StandardOutput.write("listening on http://\(options.host):\(port)\n")
                listening.yield(port)
            }
            var services: [any Service] = [server]
            if let clients = simulation.simulateClients {
                services.append(
                    SimulatedClients(ports: ports, clients: clients, seed: simulation.seed, logger: logger)
                )
            }
            var configuration = ServiceGroupConfiguration(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
            configuration.maximumGracefulShutdownDuration = Self.longestShutdown
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as ServiceError {
            StandardError.write("error: \(error.message)\nhint: \(error.hint)\n")
            throw ExitCode(error.status)
        }
    }

    private var settings: ServiceSettings {
        var settings = options.settings
        settings.limits = limits.limits(per: options.clientMinute.duration)
        access.choose(&settings)
        // Simulated clients say themselves which address each of them stands for.
        if simulation.simulateClients != nil { settings.trustedProxies.append("127.0.0.1") }
        settings.environment = ProcessInfo.processInfo.environment
        settings.seed = simulation.seed
        settings.churn = simulation.churn ?? (simulation.simulateClients == nil ? 0 : 1)
        settings.faults = simulation.faults
        return settings
    }
}

extension ServiceError {
    /// The exit status, as `sysexits.h` counts them.
    fileprivate var status: Int32 {
        switch self {
        case .option: 64
        case .environment, .tokens: 78
        case .flagFile, .tokensFile, .folder: 74
        case .address: 69
        }
    }
}

/// The two streams of words; written at once, whole, and without a buffer.
enum StandardOutput {
    static func write(_ text: String) { DescriptorText.write(text, to: STDOUT_FILENO) }
}

enum StandardError {
    static func write(_ text: String) { DescriptorText.write(text, to: STDERR_FILENO) }
}

private enum DescriptorText {
    /// Writes all of it; nobody listening is no reason to stop serving.
    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
