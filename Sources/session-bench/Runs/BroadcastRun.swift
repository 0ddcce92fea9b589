import StreamLoad

/// Publications to many streams, by the service and by the floor in turn.
struct BroadcastRun {
    private let streams: Int
    private var service: [Round] = []
    private var floor: [Round] = []

    /// Some streams are still being scheduled for the first time.
    private static let warmUp = 3
    /// As many deliveries in every round, within reason.
    private static let deliveries = 60_000

    /// One server, from its start to its end.
    private struct Round {
        var opening: StreamFleet.Opening
        var memory: ServerProcess.Memory
        var latencies: Latencies
        var sent: Int
        var lost: Int
        /// Processor time of each delivery, in microseconds.
        var cost: Double
        /// How long a delivered event is.
        var bytes: Int
    }

    init(_ subjects: Subjects, streams: Int, rounds: Int) throws(LoadFailure) {
        self.streams = streams
        for _ in 0..<rounds {
            let server = try subjects.startService()
            let session = try Exchange.createSession(port: server.port)
            let round = try Self.measured(server, streams, publishing: .rename(session))
            service.append(round)
            let bare = try subjects.startFloor()
            floor.append(try Self.measured(bare, streams, publishing: .verbatim(bytes: round.bytes)))
        }
    }

    private static func measured(
        _ server: ServerProcess,
        _ streams: Int,
        publishing publication: PublicationRequest
    ) throws(LoadFailure) -> Round {
        let fleet = try StreamFleet(port: server.port, streams: streams)
        let opening = try fleet.open()
        // What opening has left to do, such as giving memory back, is not broadcasting.
        try fleet.listen(for: .milliseconds(500))
        let memory = try server.memory()
        for _ in 0..<warmUp { _ = try fleet.publish(publication) }
        let publications = max(10, min(50, deliveries / streams))
        var latencies: [UInt64] = []
        let before = try server.processorNanoseconds()
        for _ in 0..<publications {
            latencies += try fleet.publish(publication).latencies
            // Changes that follow at once would be put together.
            try fleet.listen(for: .milliseconds(20))
        }
        let cost = try server.processorNanoseconds() - before
        let sent = publications * streams
        return Round(
            opening: opening,
            memory: memory,
            latencies: Latencies(latencies),
            sent: sent,
            lost: sent - latencies.count + fleet.members.reduce(0) { $0 + $1.repeats },
            cost: Double(cost) / 1_000 / Double(sent),
            bytes: fleet.members.first?.publicationBytes ?? 0
        )
    }

    func table() -> Table {
        var table = Table("\(streams.grouped) streams, \(service.count) rounds each, medians")
        let p99 = median(service) { $0.latencies.milliseconds(at: 0.99) }
        let floorP99 = median(floor) { $0.latencies.milliseconds(at: 0.99) }
        addMemory(to: &table)
        table.tell(
            "publish to receive, p50",
            "\(median(service) { $0.latencies.milliseconds(at: 0.5) }.text) ms"
        )
        if streams == Options.few {
            table.add("publish to receive, p99", p99, "ms", atMost: 100)
        } else {
            table.tell("publish to receive, p99", "\(p99.text) ms")
        }
        table.tell(
            "publish to receive, longest",
            "\(median(service) { $0.latencies.milliseconds(at: 1) }.text) ms"
        )
        table.tell("the floor's p50", "\(median(floor) { $0.latencies.milliseconds(at: 0.5) }.text) ms")
        table.tell("the floor's p99", "\(floorP99.text) ms")
        if streams == Options.few {
            table.tell("p99 beside the floor's", "\((p99 / floorP99).text) x")
        } else {
            table.add("p99 beside the floor's", p99 / floorP99, "x", atMost: 2.5)
        }
        table.add("processor time of a delivery", median(service, \.cost), "us", atMost: 18)
        table.tell("the floor's", "\(median(floor, \.cost).text) us")
        let sent = service.reduce(0) { $0 + $1.sent }
        table.add("lost or repeated, of \(sent.grouped)", total(service, \.lost), "", atMost: 0)
        table.add("lost or repeated by the floor", total(floor, \.lost), "", atMost: 0)
        table.add("streams opened a second", median(service, rate), "/s", atLeast: 3_500)
        table.tell("the floor's", "\(median(floor, rate).text) /s")
        table.add(
            "from connecting to first event, p99",
            median(service) { $0.opening.firstEvents.milliseconds(at: 0.99) },
            "ms",
            atMost: 120
        )
        table.remarks = [
            "The floor is an epoll server in C that does nothing but accept, answer with",
            "a fixed head, and write \(service.first?.bytes ?? 0) bytes to each stream in one system call.",
        ]
        return table
    }

    private func addMemory(to table: inout Table) {
        let now = median(service) { Double($0.memory.now) / 1e6 }
        switch streams {
        case 1_000: table.add("resident memory", now, "MB", atMost: 60)
        case 10_000: table.add("resident memory", now, "MB", atMost: 230)
        default: table.tell("resident memory", "\(now.text) MB")
        }
        table.tell(
            "resident memory, at its most",
            "\(median(service) { Double($0.memory.peak) / 1e6 }.text) MB"
        )
    }

    private func rate(_ round: Round) -> Double { Double(streams) / round.opening.took.seconds }

    private func median(_ rounds: [Round], _ figure: (Round) -> Double) -> Double {
        rounds.map(figure).median
    }

    private func total(_ rounds: [Round], _ figure: (Round) -> Int) -> Double {
        Double(rounds.reduce(0) { $0 + figure($1) })
    }
}
