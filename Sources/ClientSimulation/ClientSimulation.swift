package import Logging
import NIOCore
import NIOPosix

/// Clients of the session service in one process, each with connections of its own.
///
/// They are called `client-00001`, `client-00002` and so on, ask what they are assigned, and poll or stream
/// accordingly. They know the service by its HTTP only. Each says that it has an address of its own, as a proxy would
/// say for it, so that the service's limits take it for one caller where it trusts 127.0.0.1 as a proxy.
package struct ClientSimulation: Sendable {
    private let port: Int
    private let clients: Int
    private let seed: UInt64
    private let timings: Timings
    private let logger: Logger

    /// A simulation that is not yet running.
    ///
    /// - Parameters:
    ///   - port: Where the service listens on 127.0.0.1.
    ///   - clients: How many clients; each holds one connection open, and briefly two.
    ///   - seed: What all jitter follows from; each client draws numbers of its own.
    ///   - logger: Is told every failure that a client sees, at level debug.
    ///   - timings: How patient the clients are.
    package init(port: Int, clients: Int, seed: UInt64, logger: Logger, timings: Timings = Timings()) {
        self.port = port
        self.clients = clients
        self.seed = seed
        self.logger = logger
        self.timings = timings
    }

    /// Runs the clients until the task is cancelled, then closes all their connections and returns.
    ///
    /// - Throws: When the threads for the network could not be ended.
    package func run() async throws {
        // One loop serves thousands of clients that are mostly silent.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let service = ServiceEndpoint(port: port, group: group, timings: timings)
        logger.info("clients start", metadata: ["clients": "\(clients)", "seed": "\(seed)"])
        await withTaskGroup { tasks in
            for number in 1...max(1, clients) where number <= clients {
                let client = SimulatedClient(
                    id: Self.id(of: number),
                    address: Self.address(of: number),
                    service: service,
                    random: ClientRandom(seed: seed, client: UInt64(number)),
                    timings: timings,
                    logger: logger
                )
                tasks.addTask { await client.run() }
            }
            // Also without clients: who runs this takes an early end for a failure.
            tasks.addTask { while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) } }
        }
        try await group.shutdownGracefully()
    }

    /// An address within 10.0.0.0/8.
    private static func address(of number: Int) -> String {
        "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
    }

    private static func id(of number: Int) -> String {
        let digits = String(number)
        return "client-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
