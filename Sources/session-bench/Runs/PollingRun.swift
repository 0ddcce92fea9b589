import StreamLoad

/// A minute of clients that poll each second against a minute of clients that stream.
struct PollingRun {
    private static let clients = Options.few
    /// As long as the service's pings are apart, so that streams have theirs.
    private static let length = Duration.seconds(15)

    /// What one kind of client did to a service.
    private struct Load {
        /// Requests a minute.
        var requests: Double
        /// Milliseconds of processor time a second.
        var processor: Double
    }

    private let polling: Load
    private let streaming: Load

    init(_ subjects: Subjects) throws(LoadFailure) {
        polling = try Self.polling(try subjects.startService())
        streaming = try Self.streaming(try subjects.startService())
    }

    private static func polling(_ server: ServerProcess) throws(LoadFailure) -> Load {
        // The list does not change meanwhile: 304 is the cheapest answer that polling can have.
        let tag = try Exchange.entityTag(port: server.port)
        let fleet = try PollingFleet(port: server.port, clients: clients, entityTag: tag)
        try fleet.run(every: .seconds(1), for: .seconds(1))
        let answered = try Exchange.requestsAnswered(port: server.port)
        let before = try server.processorNanoseconds()
        try fleet.run(every: .seconds(1), for: length)
        let cost = try server.processorNanoseconds() - before
        let requests = try Exchange.requestsAnswered(port: server.port) - answered
        guard fleet.answers.keys.allSatisfy({ $0 == 304 }) else {
            throw LoadFailure("polling was answered with \(fleet.answers)", hint: "304 was to be expected")
        }
        return Load(requests: Double(requests) * 60 / length.seconds, processor: perSecond(cost))
    }

    private static func streaming(_ server: ServerProcess) throws(LoadFailure) -> Load {
        // Each asks for its assignment once a minute and opens its stream once: in truth, once in a quarter of an hour.
        for number in 0..<clients {
            let path = "/api/assignment?client=load-\(number)"
            let answer = try Exchange.send(port: server.port, path, from: Caller(number))
            guard answer.status == 200, answer.body.contains(#""mode":"sse""#) else {
                throw LoadFailure("the assignment was answered with \(answer.status)", hint: answer.body)
            }
        }
        let fleet = try StreamFleet(port: server.port, streams: clients)
        _ = try fleet.open()
        let before = try server.processorNanoseconds()
        try fleet.listen(for: length)
        let cost = try server.processorNanoseconds() - before
        let requests = try Exchange.requestsAnswered(port: server.port)
        // The service counts a stream when it begins or when it ends; one way or the other it is one request.
        let streams = max(requests, 2 * clients)
        return Load(requests: Double(streams), processor: perSecond(cost))
    }

    private static func perSecond(_ cost: UInt64) -> Double { Double(cost) / 1e6 / length.seconds }

    func table() -> Table {
        var table = Table("\(Self.clients.grouped) clients that poll each second, or stream")
        table.tell("requests a minute, polling", "\(polling.requests.text)")
        table.tell("requests a minute, streaming", "\(streaming.requests.text)")
        table.add("fewer requests", 100 * (1 - streaming.requests / polling.requests), "%", atLeast: 80)
        table.tell("processor time, polling", "\(polling.processor.text) ms/s")
        table.tell("processor time, streaming", "\(streaming.processor.text) ms/s")
        table.add(
            "less processor time",
            100 * (1 - streaming.processor / polling.processor),
            "%",
            atLeast: 80
        )
        table.remarks = ["The list does not change: every poll is answered with 304."]
        return table
    }
}
