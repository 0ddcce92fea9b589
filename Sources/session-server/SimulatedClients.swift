import ClientSimulation
import Logging
import ServiceLifecycle

/// Clients in this process, from the moment the server listens.
struct SimulatedClients: Service {
    /// The server's port, once it is known.
    let ports: AsyncStream<Int>
    let clients: Int
    let seed: UInt64
    let logger: Logger

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                for await port in ports {
                    try await ClientSimulation(port: port, clients: clients, seed: seed, logger: logger).run()
                    return
                }
            }
        } catch is CancellationError {
            // What ending looks like.
        }
    }
}
