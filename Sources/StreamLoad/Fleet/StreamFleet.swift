/// Many event streams to one server, opened and read by one thread.
///
/// All figures come from ``Monotonic``, read right after the bytes they are about.
package final class StreamFleet {
    package private(set) var members: [StreamMember]
    package let port: UInt16
    private let firstCaller: Int
    private let receiveBytes: Int32?
    private var connections: [Connection?]
    private var openedAt: [UInt64]
    private var poll: Poll
    private var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
    private var publisher: PublishingConnection?

    /// How many streams may be on their way at once: less than servers keep in line before they refuse.
    private static let inFlight = 128

    /// Prepares a fleet; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - port: The server's port of 127.0.0.1.
    ///   - streams: How many streams there will be.
    ///   - firstCaller: The number of the first stream's ``Caller``; the others count up from there.
    ///   - receiveBytes: How much of each stream the kernel may take in before it is read; nil for the usual.
    /// - Throws: ``LoadFailure`` when the kernel refuses.
    package init(port: UInt16, streams: Int, firstCaller: Int = 0, receiveBytes: Int32? = nil)
        throws(LoadFailure)
    {
        self.port = port
        self.firstCaller = firstCaller
        self.receiveBytes = receiveBytes
        members = [StreamMember](repeating: StreamMember(), count: streams)
        connections = [Connection?](repeating: nil, count: streams)
        openedAt = [UInt64](repeating: 0, count: streams)
        poll = try Poll()
    }

    /// How opening went.
    package struct Opening: Sendable {
        /// From the first connection to the last first event.
        package var took: Duration
        /// From each connection to its first event.
        package var firstEvents: Latencies
    }

    /// Opens all streams and waits for the first event of each.
    ///
    /// - Parameter patience: How long that may take.
    /// - Returns: How it went.
    /// - Throws: ``LoadFailure`` when a stream is refused or ends, or the time is up.
    package func open(within patience: Duration = .seconds(60)) throws(LoadFailure) -> Opening {
        let began = Monotonic.now
        var begun = 0
        var open = 0
        while open < members.count {
            while begun < members.count, begun - open < Self.inFlight {
                try connect(begun)
                begun += 1
            }
            guard Monotonic.now - began < patience.nanoseconds else {
                throw LoadFailure(
                    "\(open) of \(members.count) streams were open within \(patience)",
                    hint: "is the server alive, and are its limits above that?"
                )
            }
            open += try turn(milliseconds: 100).opened
        }
        let last = members.compactMap(\.firstEventAt).max() ?? began
        let waits = zip(members, openedAt).map { ($0.firstEventAt ?? .max) - $1 }
        return Opening(took: .nanoseconds(Int64(last - began)), firstEvents: Latencies(waits))
    }

    /// How one publication went.
    package struct Broadcast: Sendable {
        /// From before it was sent to each stream that got it.
        package var latencies: [UInt64]
        /// How many streams did not get it in time.
        package var lost: Int
        package var sentAt: UInt64
    }

    /// Publishes once and waits until every stream has it.
    ///
    /// - Parameters:
    ///   - publication: What is sent.
    ///   - patience: How long to wait for the last stream.
    /// - Returns: Who got it when.
    /// - Throws: ``LoadFailure`` when the server refuses it, or streams end.
    package func publish(_ publication: PublicationRequest, within patience: Duration = .seconds(20))
        throws(LoadFailure) -> Broadcast
    {
        let sentAt = try send(publication)
        let deadline = sentAt + patience.nanoseconds
        var waiting = members.count
        while waiting > 0 || publisher?.isAnswered == false, Monotonic.now < deadline {
            waiting -= try turn(milliseconds: 100, awaiting: sentAt).received
        }
        let latencies = members.filter { $0.newest == sentAt }.map { $0.newestAt - sentAt }
        return Broadcast(latencies: latencies, lost: members.count - latencies.count, sentAt: sentAt)
    }

    /// Reads what comes in for a while.
    ///
    /// - Parameters:
    ///   - duration: How long at most.
    ///   - isDone: Asked after each turn whether that was enough.
    /// - Throws: ``LoadFailure`` when what comes in is no event stream.
    package func listen(
        for duration: Duration,
        until isDone: (StreamFleet) -> Bool = { _ in false }
    ) throws(LoadFailure) {
        let deadline = Monotonic.now + duration.nanoseconds
        while !isDone(self) {
            let now = Monotonic.now
            guard now < deadline else { return }
            _ = try turn(milliseconds: Int32(min(100, (deadline - now) / 1_000_000 + 1)), mayEnd: true)
        }
    }

    /// The port of one stream's end here.
    package func localPort(of member: Int) -> UInt16 { connections[member]?.localPort ?? 0 }

    private func connect(_ number: Int) throws(LoadFailure) {
        let connection = try Connection(to: port, receiveBytes: receiveBytes)
        openedAt[number] = Monotonic.now
        connections[number] = connection
        try poll.watchForConnecting(connection, as: number)
    }

    private func send(_ publication: PublicationRequest) throws(LoadFailure) -> UInt64 {
        if publisher == nil {
            let connection = try PublishingConnection(to: port)
            try poll.add(connection.connection, as: members.count)
            publisher = connection
        }
        let now = Monotonic.now
        try publisher?.send(publication, named: Publication.name(at: now))
        return now
    }

    /// What one turn brought.
    private struct Turn {
        /// Streams with their first event.
        var opened = 0
        /// Streams with the publication that is awaited.
        var received = 0
    }

    /// Waits for something to happen, and handles all that has.
    private func turn(milliseconds: Int32, awaiting publication: UInt64 = .max, mayEnd: Bool = false)
        throws(LoadFailure) -> Turn
    {
        var turn = Turn()
        for ready in poll.wait(milliseconds: milliseconds) {
            guard ready.number < members.count else {
                try publisher?.receive(into: &buffer)
                continue
            }
            guard let connection = connections[ready.number] else { continue }
            if ready.isWritable, !ready.isReadable {
                try askForStream(ready.number, on: connection)
            } else {
                let wasOpen = members[ready.number].firstEventAt != nil
                let had = members[ready.number].newest
                try read(ready.number, from: connection)
                let member = members[ready.number]
                if !wasOpen, member.firstEventAt != nil { turn.opened += 1 }
                if had != publication, member.newest == publication { turn.received += 1 }
                if member.endedAt != nil { try end(ready.number, mayEnd: mayEnd) }
            }
        }
        return turn
    }

    private func askForStream(_ number: Int, on connection: Connection) throws(LoadFailure) {
        let caller = Caller(firstCaller + number)
        try connection.send(
            caller.request(
                "GET",
                "/api/sse/sessions?client=load-\(caller.number)",
                fields: "Accept: text/event-stream\r\n"
            )
        )
        try poll.watchForReading(connection, as: number)
    }

    private func read(_ number: Int, from connection: Connection) throws(LoadFailure) {
        let reading = connection.receive(into: &buffer)
        let now = Monotonic.now
        switch reading {
        case .nothingYet: return
        case .ended: members[number].endedAt = members[number].endedAt ?? now
        case .some(let count):
            do throws(MalformedResponse) {
                try members[number].take(buffer[..<count], at: now)
            } catch {
                throw error.failure
            }
        }
    }

    private func end(_ number: Int, mayEnd: Bool) throws(LoadFailure) {
        connections[number] = nil
        guard !mayEnd else { return }
        let status = members[number].status.map { "with status \($0)" } ?? "without an answer"
        throw LoadFailure(
            "stream \(number + 1) of \(members.count) ended \(status)",
            hint: "are the server's limits and its flag set for that many streams?"
        )
    }
}
