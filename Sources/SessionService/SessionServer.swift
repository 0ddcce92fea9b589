import FoundationEssentials
import Hummingbird
import HummingbirdCore
package import Logging
import ServiceLifecycle
import Synchronization

/// The whole service: sessions over polling or a stream, as the flag says.
package struct SessionServer: Service {
    private let settings: ServiceSettings
    private let source: FlagSource
    private let workload: Workload
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) -> Void

    /// Prepares a server; it listens once it runs.
    ///
    /// - Parameters:
    ///   - settings: How it behaves.
    ///   - logger: Told what happens.
    ///   - onListening: Called with the port once connections are accepted.
    /// - Throws: ``ServiceError`` when the flag, or what the settings name, cannot be used.
    package init(
        _ settings: ServiceSettings,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void
    ) async throws(ServiceError) {
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
        source = try await FlagSource(
            flag: settings.flag,
            path: settings.flagPath,
            every: settings.flagInterval,
            environment: settings.environment,
            logger: logger
        )
        var made = MadeUpSessions(seed: settings.seed)
        let now = Date()
        let log = SessionLog(
            epoch: String(UInt32.random(in: 0...UInt32.max), radix: 16),
            sessions: (0..<settings.sessions).map { _ in made.session(at: now) },
            terms: StreamTerms(pingMilliseconds: settings.pingInterval.milliseconds)
        )
        workload = try Workload(settings, under: source.allocation, log: log, logger: logger)
        workload.apply(source.initial)
        source.onChange { [workload] in workload.apply($0) }
    }

    /// Serves until shut down gracefully: then streams end first, and the server after them.
    ///
    /// - Throws: ``ServiceError/address(host:port:problem:)`` when the address cannot be listened on.
    package func run() async throws {
        let isListening = Atomic(false)
        let application = Application(
            responder: ShortTask(base: Route.router(workload).buildResponder()),
            server: HTTPServerBuilder { [settings] in
                SessionChannel(responder: $0, idleLimit: settings.idleLimit)
            },
            configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { [settings, onListening] channel in
                isListening.store(true, ordering: .releasing)
                onListening(channel.localAddress?.port ?? settings.port)
            },
            logger: logger
        )
        // Shut down from the last to the first.
        var services: [any Service] = [
            source,
            workload.minutes,
            Pinger(workload: workload),
            SessionChurn(desk: workload.desk, rate: settings.churn, seed: settings.seed &+ 1),
            application,
            Drain(workload: workload, logger: logger),
        ]
        if let access = workload.rules.tokens {
            services.insert(TokenWatch(workload: workload, access: access, logger: logger), at: 0)
        }
        let group = ServiceGroup(configuration: .init(services: services, logger: logger))
        do {
            try await group.run()
        } catch  where !isListening.load(ordering: .acquiring) && !(error is CancellationError) {
            throw ServiceError.address(host: settings.host, port: settings.port, problem: "\(error)")
        }
    }
}
