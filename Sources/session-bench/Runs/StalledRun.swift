import StreamLoad

/// One client that stops reading, among others that go on.
struct StalledRun {
    private static let others = Options.few - 1
    /// Enough that kernel and service together would hold a quarter of a megabyte three times over.
    private static let fillings = 60
    /// A session of about 12 KB, and so every change of it.
    private static let words = 60
    private static let letters = 200
    private static let publications = 30

    private struct Round {
        var without: Latencies
        var with: Latencies
        var lost: Int
        /// What the kernel holds for the client that does not read.
        var kernelBytes: Int
        /// How much more the service grew than it does without that client.
        var serviceBytes: Int
        /// Whether the client saw the last change after all, once it read again.
        var caughtUp: Bool
    }

    private var rounds: [Round] = []

    init(_ subjects: Subjects, rounds: Int) throws(LoadFailure) {
        for _ in 0..<rounds { self.rounds.append(try Self.measured(try subjects.startService())) }
    }

    private static func measured(_ server: ServerProcess) throws(LoadFailure) -> Round {
        let small = PublicationRequest.rename(try Exchange.createSession(port: server.port))
        let large = PublicationRequest.rename(
            try Exchange.createSession(port: server.port, words: words, letters: letters)
        )
        let fleet = try StreamFleet(port: server.port, streams: others)
        _ = try fleet.open()
        var lost = 0
        func latencies(_ publication: PublicationRequest, _ count: Int) throws(LoadFailure) -> Latencies {
            var all: [UInt64] = []
            for _ in 0..<count {
                let broadcast = try fleet.publish(publication)
                all += broadcast.latencies
                lost += broadcast.lost
                try fleet.listen(for: .milliseconds(20))
            }
            return Latencies(all)
        }
        _ = try latencies(large, fillings)
        let growth = try Self.growth(of: server) { () throws(LoadFailure) in
            _ = try latencies(large, fillings)
        }
        let without = try latencies(small, publications)
        let stalled = try StreamFleet(port: server.port, streams: 1, firstCaller: others, receiveBytes: 4_096)
        let growthWithIt = try Self.growth(of: server) { () throws(LoadFailure) in
            _ = try stalled.open()
            _ = try latencies(large, fillings)
        }
        guard let kernelBytes = server.queuedBytes(toClientAt: stalled.localPort(of: 0)) else {
            throw LoadFailure("the stalled client's connection is not in /proc/net/tcp", hint: "did it end?")
        }
        let with = try latencies(small, publications)
        let last = try fleet.publish(small).sentAt
        try stalled.listen(for: .seconds(10)) { $0.members[0].newest == last || $0.members[0].endedAt != nil }
        return Round(
            without: without,
            with: with,
            lost: lost,
            kernelBytes: kernelBytes,
            serviceBytes: growthWithIt - growth,
            caughtUp: stalled.members[0].newest == last
        )
    }

    /// By how many bytes the service's memory grows meanwhile: its log of changes does so anyhow.
    private static func growth(of server: ServerProcess, _ body: () throws(LoadFailure) -> Void)
        throws(LoadFailure) -> Int
    {
        let before = try server.memory().now
        try body()
        return try server.memory().now - before
    }

    func table() -> Table {
        var table = Table("one stalled client beside \(Self.others.grouped), \(rounds.count) rounds, medians")
        let without = rounds.map { $0.without.milliseconds(at: 0.99) }.median
        let with = rounds.map { $0.with.milliseconds(at: 0.99) }.median
        let kernel = rounds.map { Double($0.kernelBytes) / 1e6 }.median
        let service = max(0, rounds.map { Double($0.serviceBytes) / 1e6 }.median)
        table.tell("held for it by the kernel", "\(kernel.text) MB")
        table.add("held for it, kernel and service", kernel + service, "MB", atMost: 0.3)
        table.tell("the others' p99 without it", "\(without.text) ms")
        table.tell("the others' p99 with it", "\(with.text) ms")
        table.add("the others' p99 beside without it", with / without, "x", atMost: 2)
        table.add("lost by the others", Double(rounds.reduce(0) { $0 + $1.lost }), "", atMost: 0)
        table.add(
            "rounds in which it caught up",
            Double(rounds.count(where: \.caughtUp)),
            "of \(rounds.count)",
            atLeast: Double(rounds.count)
        )
        return table
    }
}
