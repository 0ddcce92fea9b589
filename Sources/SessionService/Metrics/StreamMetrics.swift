import CoreMetrics

/// What the service measures about streams, by name.
///
/// The series that every event touches are made once: looking one up takes a lock, and a change goes to thousands of
/// streams.
struct StreamMetrics: Sendable {
    private let factory: any MetricsFactory
    private let transmitted: [StreamEvent: Counter]
    private let coalesced: [StreamCoalescing: Counter]
    private let bytes: Counter
    private let broadcast: Timer
    private let lifetime: Timer
    private let firstEvent: Timer
    private let entries: Gauge

    init(_ factory: any MetricsFactory) {
        self.factory = factory
        func counters<Label: StreamLabel>(_ name: String) -> [Label: Counter] {
            Dictionary(
                uniqueKeysWithValues: Label.allCases.map {
                    ($0, Counter(label: name, dimensions: [(Label.label, $0.rawValue)], factory: factory))
                }
            )
        }
        transmitted = counters("sse_messages_transmitted_total")
        coalesced = counters("sse_coalesced_total")
        bytes = Counter(label: "sse_bytes_sent_total", dimensions: [], factory: factory)
        broadcast = Timer(label: "sse_broadcast_seconds", dimensions: [], factory: factory)
        lifetime = Timer(label: "sse_connection_duration_seconds", dimensions: [], factory: factory)
        firstEvent = Timer(label: "sse_time_to_first_event_seconds", dimensions: [], factory: factory)
        entries = Gauge(label: "sse_log_entries", dimensions: [], factory: factory)
        entries.record(0)
        bytes.increment(by: 0)
        for counter in transmitted.values { counter.increment(by: 0) }
        for counter in coalesced.values { counter.increment(by: 0) }
        // A series that begins with its first event has no rate for it.
        for result in StreamOpening.allCases { count(result, by: 0) }
        for end in StreamEnd.allCases { count(end, by: 0) }
        for error in StreamError.allCases { count(error, by: 0) }
        for resume in StreamResumption.allCases { count(resume, by: 0) }
    }

    /// Events written to streams; a broadcast counts once for each stream.
    func count(_ event: StreamEvent, by number: Int = 1) { transmitted[event]?.increment(by: number) }

    /// Bytes written to streams.
    func count(bytes number: Int) { bytes.increment(by: number) }

    /// Changes that were put together.
    func count(_ coalescing: StreamCoalescing, by number: Int = 1) {
        coalesced[coalescing]?.increment(by: number)
    }

    /// Requests for a stream.
    func count(_ opening: StreamOpening, by number: Int = 1) {
        counter("sse_connections_total", opening).increment(by: number)
    }

    /// Streams that ended.
    func count(_ end: StreamEnd, by number: Int = 1) {
        counter("sse_disconnects_total", end).increment(by: number)
    }

    /// Streams that were refused or broke.
    func count(_ error: StreamError, by number: Int = 1) {
        counter("sse_connection_errors_total", error).increment(by: number)
    }

    /// Requests for a stream by a client that had one.
    func count(_ resumption: StreamResumption, by number: Int = 1) {
        counter("sse_reconnection_attempts_total", resumption).increment(by: number)
    }

    /// How long a change took until the last stream had it.
    func record(broadcast duration: Duration) { broadcast.recordNanoseconds(duration.nanoseconds) }

    /// How long a stream lasted.
    func record(lifetime duration: Duration) { lifetime.recordNanoseconds(duration.nanoseconds) }

    /// How long it took from the request for a stream until its first event was written.
    func record(firstEvent duration: Duration) { firstEvent.recordNanoseconds(duration.nanoseconds) }

    /// How many changes are kept for clients that come back.
    func set(logEntries count: Int) { entries.record(count) }

    private func counter<Label: StreamLabel>(_ name: String, _ label: Label) -> Counter {
        Counter(label: name, dimensions: [(Label.label, label.rawValue)], factory: factory)
    }
}

/// The values of one label.
protocol StreamLabel: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// The label's name.
    static var label: String { get }
}

/// What is written to a stream.
enum StreamEvent: String, StreamLabel {
    static let label = "event"

    case snapshot
    case delta
    case ping
    case control
}

/// What became of a request for a stream.
enum StreamOpening: String, StreamLabel {
    static let label = "result"

    case opened
    /// The client is outside the flag.
    case outside
    /// A limit was reached; `sse_connection_errors_total` says which.
    case limited
    /// The service is about to end.
    case draining
    /// Made to fail.
    case fault
}

/// Why a stream ended.
enum StreamEnd: String, StreamLabel {
    static let label = "reason"

    /// The client left, or its connection broke.
    case client
    /// It was old enough.
    case age
    /// The service was asked to end.
    case drain
    /// The client is outside the flag now.
    case reassign
    /// The client's login ended.
    case reauth
    /// The client read nothing for too long.
    case slow
    /// Made to fail.
    case fault
}

/// Why a stream was refused or broke.
enum StreamError: String, StreamLabel {
    static let label = "reason"

    /// There are as many streams as the service takes.
    case limitGlobal = "limit_global"
    /// The client has as many streams as it may have.
    case limitClient = "limit_client"
    /// Streams are opened faster than allowed.
    case connectRate = "connect_rate"
    /// The client has no valid login.
    case auth
    /// Writing failed.
    case write
    /// The client read nothing for too long.
    case slowEvicted = "slow_evicted"
}

/// How a client that had a stream was brought up to date.
enum StreamResumption: String, StreamLabel {
    static let label = "resume"

    case replay
    case snapshotGap = "snapshot_gap"
    case snapshotEpoch = "snapshot_epoch"
}

/// How changes were put together.
enum StreamCoalescing: String, StreamLabel {
    static let label = "kind"

    /// Two changes of one session within one delta.
    case batch
    /// Changes that a stream skipped because it got the whole list instead.
    case lagged
}

extension Duration {
    /// Whole nanoseconds, the rest cut off.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
