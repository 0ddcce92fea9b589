/// One event of a `text/event-stream`.
struct ServerSentEvent: Sendable, Equatable {
    /// `message` where the stream names none.
    var type: String
    var data: String
    /// The last id the stream gave, with this event or before; empty where there was none.
    var id: String
}

/// Takes the bytes of a `text/event-stream` apart, wherever they were cut.
///
/// Follows "Interpreting an event stream" of the HTML standard; `retry` is passed over, since these clients have a
/// back-off of their own. An event that its stream did not finish is none.
struct EventStreamParser: Sendable {
    private let limit: Int
    private var line: [UInt8] = []
    private var isAfterCarriageReturn = false
    private var isFirstLine = true
    private var type = ""
    private var data: [UInt8] = []
    private var id = ""

    /// A parser at the start of a stream.
    ///
    /// - Parameter limit: The most bytes an event may have.
    init(limit: Int = 16 << 20) {
        self.limit = limit
    }

    /// Takes in the next bytes and returns the events they complete.
    ///
    /// - Throws: ``ClientFailure/malformed(_:)`` when an event is longer than the limit.
    mutating func events(in bytes: some Sequence<UInt8>) throws(ClientFailure) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            defer { isAfterCarriageReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where isAfterCarriageReturn:
                break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if let event = endLine() { events.append(event) }
            default:
                line.append(byte)
                guard line.count + data.count <= limit else {
                    throw .malformed("an event of more than \(limit) bytes")
                }
            }
        }
        return events
    }

    /// Ends a line; a blank one ends an event.
    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
            if line.starts(with: byteOrderMark) { line.removeFirst(byteOrderMark.count) }
        }
        guard line.isEmpty else {
            takeField()
            return nil
        }
        defer {
            type = ""
            data = []
        }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            type: type.isEmpty ? "message" : type,
            data: String(decoding: data.dropLast(), as: UTF8.self),
            id: id
        )
    }

    private mutating func takeField() {
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        var value = line[name.endIndex...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        switch String(decoding: name, as: UTF8.self) {
        case "event": type = String(decoding: value, as: UTF8.self)
        case "data": data += value + [UInt8(ascii: "\n")]
        case "id" where !value.contains(0): id = String(decoding: value, as: UTF8.self)
        // A comment has no name; other fields are not ours.
        default: break
        }
    }
}
