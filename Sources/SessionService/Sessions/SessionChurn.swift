import Assignment
import AsyncAlgorithms
import FoundationEssentials
import ServiceLifecycle

/// Changes sessions by itself, so that a service without users has something to tell.
struct SessionChurn: Service {
    let desk: SessionDesk
    /// Changes a second; 0 changes nothing.
    let rate: Double
    let seed: UInt64

    func run() async throws {
        guard rate > 0 else { return try await gracefulShutdown() }
        var made = MadeUpSessions(seed: seed)
        let ticks = AsyncTimerSequence(interval: .seconds(1 / rate), clock: .continuous)
        for await _ in ticks.cancelOnGracefulShutdown() {
            desk.change { made.change(of: $0, at: Date()) }
        }
    }
}

/// Sessions and changes that nobody made; the same for the same seed.
struct MadeUpSessions {
    private var random: SplitMix64
    private var count = 0

    private static let commands = [
        ["htop"], ["vim", "notes.md"], ["tail", "-f", "server.log"], ["make", "-j2"], ["ssh", "build"],
    ]

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// A new session.
    mutating func session(at now: Date) -> Session {
        count += 1
        let command = Self.commands.randomElement(using: &random) ?? ["sh"]
        // An id must not come back when the first sessions were made by another value.
        let id = "s\(String(random.next(), radix: 36))"
        return Session(
            id: id,
            name: "\(command[0]) \(count)",
            status: .running,
            command: command,
            createdAt: now,
            updatedAt: now
        )
    }

    /// A likely next change: the list stays between three and twelve sessions long.
    mutating func change(of sessions: [Session], at now: Date) -> SessionChange {
        guard sessions.count >= 3, var session = sessions.randomElement(using: &random) else {
            return .upsert(self.session(at: now))
        }
        if sessions.count < 12, Int.random(in: 0..<4, using: &random) == 0 {
            return .upsert(self.session(at: now))
        }
        guard session.status == .running else { return .remove(id: session.id) }
        session.status = Int.random(in: 0..<3, using: &random) == 0 ? .exited : .running
        session.updatedAt = now
        return .upsert(session)
    }
}
