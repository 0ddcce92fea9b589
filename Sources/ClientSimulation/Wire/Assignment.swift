import FoundationEssentials
import NIOCore

/// What the service tells a client to do.
struct Assignment: Sendable, Equatable, Decodable {
    enum Mode: String, Sendable, Decodable {
        case sse, polling
    }

    var mode: Mode
    /// Milliseconds between two polls.
    private var pollMs: Int
    /// Milliseconds between two pings of a stream.
    private var hb: Int
    /// Milliseconds until the assignment is asked for again.
    private var ttlMs: Int

    // A service that says 0 must not make its clients spin.
    private static let shortest = 10

    var pollInterval: Duration { .milliseconds(max(Self.shortest, pollMs)) }
    var heartbeat: Duration { .milliseconds(max(Self.shortest, hb)) }
    var lifetime: Duration { .milliseconds(max(Self.shortest, ttlMs)) }
}

/// A list of sessions, as far as a client that shows nothing looks at it.
struct SessionList: Decodable {
    var epoch: String
    var seq: Int
}

/// Reads the JSON of an answer.
///
/// - Throws: ``ClientFailure/malformed(_:)``.
func decoded<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws(ClientFailure)
    -> Value
{
    do {
        return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
        throw .malformed("\(type): \(error)")
    }
}
