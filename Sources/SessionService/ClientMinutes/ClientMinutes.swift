package import Assignment

/// Counts minutes in which a client was there, and those in which something failed for it.
///
/// Every client has minutes of its own, one after the other from the moment it is first seen. At the end of one, it
/// counts for the client's assigned variant if the client was seen in it, and as failed if anything failed. A
/// minute in which the client's assignment changed counts for nobody. So both variants are counted in the same
/// unit, however many requests a client makes.
///
/// A value: time comes in as the time since any fixed moment, and never goes back.
package struct ClientMinutes: Sendable {
    /// Finished minutes of one variant.
    package struct Tally: Sendable, Hashable {
        package var total = 0
        package var failed = 0

        package init(total: Int = 0, failed: Int = 0) {
            self.total = total
            self.failed = failed
        }
    }

    private struct Client {
        var minuteStart: Duration
        var variant: Variant
        var lastSeen: Duration
        var openStreams = 0
        var isSeen = true
        var isFailed = false
        /// Whether the assignment changed within this minute.
        var isMixed = false

        /// Finishes all minutes that are over.
        mutating func settle(at now: Duration, length: Duration, into finished: inout [Variant: Tally]) {
            while now - minuteStart >= length {
                if isSeen, !isMixed {
                    finished[variant, default: Tally()].total += 1
                    if isFailed { finished[variant, default: Tally()].failed += 1 }
                }
                minuteStart += length
                isSeen = openStreams > 0
                if isSeen { lastSeen = now }
                isFailed = false
                isMixed = false
            }
        }
    }

    /// How long a minute is; demonstrations shorten it.
    private let length: Duration
    /// How many clients are followed at once; more are assigned as ever, but not counted.
    private let capacity: Int
    private var assigner: Assigner
    private var clients: [String: Client] = [:]
    private var finished: [Variant: Tally] = [:]
    /// How many times a client was not counted because there were too many.
    private var refused = 0

    package init(_ assigner: Assigner, length: Duration = .seconds(60), capacity: Int = 100_000) {
        self.assigner = assigner
        self.length = length
        self.capacity = capacity
    }

    /// A client did something.
    ///
    /// - Parameters:
    ///   - id: The client.
    ///   - now: When.
    ///   - failed: Whether something failed for it, whoever noticed.
    package mutating func saw(_ id: String, at now: Duration, failed: Bool = false) {
        change(id, at: now) { $0.isFailed = $0.isFailed || failed }
    }

    /// A request in a client's name was turned away; that fails for a client that is there, and brings none.
    package mutating func turnedAway(_ id: String, at now: Duration) {
        guard clients[id] != nil else { return }
        saw(id, at: now, failed: true)
    }

    /// A client has a stream from now on; until it is closed, the client is there.
    package mutating func opened(_ id: String, at now: Duration) {
        change(id, at: now) { $0.openStreams += 1 }
    }

    /// A client's stream has ended.
    ///
    /// - Parameters:
    ///   - id: The client.
    ///   - now: When.
    ///   - failed: Whether the service broke it off.
    package mutating func closed(_ id: String, at now: Duration, failed: Bool = false) {
        guard clients[id] != nil else { return }
        change(id, at: now) {
            $0.openStreams = max(0, $0.openStreams - 1)
            $0.isFailed = $0.isFailed || failed
        }
    }

    /// Clients are assigned differently from now on.
    package mutating func adopt(_ assigner: Assigner, at now: Duration) {
        self.assigner = assigner
        let length = length
        forEach { id, client, finished in
            client.settle(at: now, length: length, into: &finished)
            let variant = assigner.assign(id).variant
            guard variant != client.variant else { return }
            client.variant = variant
            client.isMixed = true
        }
    }

    /// Finishes all minutes that are over, and forgets clients that were not there for two.
    package mutating func sweep(at now: Duration) {
        let length = length
        var absent: [String] = []
        forEach { id, client, finished in
            client.settle(at: now, length: length, into: &finished)
            if client.openStreams == 0, now - client.lastSeen > length * 2 { absent.append(id) }
        }
        for id in absent { clients[id] = nil }
    }

    /// The minutes finished since this was last asked.
    package mutating func takeFinished() -> [Variant: Tally] {
        defer { finished = [:] }
        return finished
    }

    /// How many clients were turned away since this was last asked.
    package mutating func takeRefused() -> Int {
        defer { refused = 0 }
        return refused
    }

    /// How many clients were there within the last two minutes, by assigned variant; as of the last sweep.
    package var present: [Variant: Int] {
        clients.values.reduce(into: [:]) { $0[$1.variant, default: 0] += 1 }
    }

    private mutating func change(_ id: String, at now: Duration, _ change: (inout Client) -> Void) {
        var client: Client
        if let known = clients[id] {
            client = known
            client.settle(at: now, length: length, into: &finished)
        } else if clients.count < capacity {
            let variant = assigner.assign(id).variant
            client = Client(minuteStart: now, variant: variant, lastSeen: now)
        } else {
            refused += 1
            return
        }
        client.isSeen = true
        client.lastSeen = now
        change(&client)
        clients[id] = client
    }

    /// Changes every client in its place.
    ///
    /// There may be a hundred thousand, and writing by key while going through them would copy them all.
    private mutating func forEach(
        _ body: (_ id: String, _ client: inout Client, _ finished: inout [Variant: Tally]) -> Void
    ) {
        var index = clients.startIndex
        while index != clients.endIndex {
            body(clients.keys[index], &clients.values[index], &finished)
            clients.formIndex(after: &index)
        }
    }
}
