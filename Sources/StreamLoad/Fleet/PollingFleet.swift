/// Many clients that poll the list, each on a connection that it keeps.
package final class PollingFleet {
    private struct Member {
        var connection: Connection
        var response = ResponseReader()
        var isWaiting = false
    }

    /// What the answers were, by status.
    package private(set) var answers: [Int: Int] = [:]
    /// How often a client had no answer yet when it should have asked again, and so did not.
    package private(set) var overdue = 0
    private var members: [Member] = []
    private var poll: Poll
    private var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
    private let entityTag: String

    /// Connects all clients.
    ///
    /// - Parameters:
    ///   - port: The service's.
    ///   - clients: How many.
    ///   - entityTag: What they know of the list, so that 304 answers them while it stays as it is.
    /// - Throws: ``LoadFailure`` when a connection cannot be made.
    package init(port: UInt16, clients: Int, entityTag: String) throws(LoadFailure) {
        self.entityTag = entityTag
        poll = try Poll()
        for number in 0..<clients {
            let connection = try Connection(to: port)
            try connection.wait(for: .connected, milliseconds: 10_000)
            try poll.add(connection, as: number)
            members.append(Member(connection: connection))
        }
    }

    /// Lets every client ask once an interval, each at its own moment within it.
    ///
    /// - Parameters:
    ///   - interval: Between two requests of one client.
    ///   - duration: For how long; answers are awaited a little longer.
    /// - Throws: ``LoadFailure`` when a connection ends.
    package func run(every interval: Duration, for duration: Duration) throws(LoadFailure) {
        let began = Monotonic.now
        let between = Double(interval.nanoseconds) / Double(members.count)
        let requests = Int((duration.seconds / interval.seconds * Double(members.count)).rounded())
        var sent = 0
        while sent < requests {
            let due = Int(Double(Monotonic.now - began) / between) + 1
            while sent < min(due, requests) {
                try ask(sent % members.count)
                sent += 1
            }
            try handle(milliseconds: 1)
        }
        let deadline = Monotonic.now + 5_000_000_000
        while members.contains(where: \.isWaiting), Monotonic.now < deadline { try handle(milliseconds: 10) }
    }

    private func ask(_ number: Int) throws(LoadFailure) {
        guard !members[number].isWaiting else {
            overdue += 1
            return
        }
        members[number].isWaiting = true
        let request = Caller(number).request(
            "GET",
            "/api/sessions?client=load-\(number)",
            fields: "If-None-Match: \(entityTag)\r\n"
        )
        try members[number].connection.send(request)
    }

    private func handle(milliseconds: Int32) throws(LoadFailure) {
        for ready in poll.wait(milliseconds: milliseconds) {
            switch members[ready.number].connection.receive(into: &buffer) {
            case .nothingYet: continue
            case .ended:
                throw LoadFailure("the service hung up on a polling client", hint: "its log may say why")
            case .some(let count):
                for piece in try members[ready.number].response.pieces(in: buffer[..<count]) {
                    if case .head(let status) = piece { answers[status, default: 0] += 1 }
                    if piece == .end { members[ready.number].isWaiting = false }
                }
            }
        }
    }
}
