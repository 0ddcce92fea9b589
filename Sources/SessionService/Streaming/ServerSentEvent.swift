package import NIOCore

/// One event as the HTML standard's `text/event-stream` carries it.
package struct ServerSentEvent: Sendable, Hashable {
    /// Where a client is that has seen this event; nil for events that say nothing about that.
    package var id: String?
    package var event: String
    /// What the client's listener gets; never empty, as a browser drops an event without data.
    package var data: String

    package init(id: String? = nil, event: String, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// The event's bytes, ended by an empty line.
    ///
    /// A line break in id or event name would begin a field of its own and is left out, as is NUL, which makes
    /// browsers ignore the id. Data of several lines becomes several fields, which a client joins again.
    package var encoded: ByteBuffer {
        var bytes = ByteBuffer()
        if let id { bytes.writeString("id: \(Self.oneLine(id))\n") }
        bytes.writeString("event: \(Self.oneLine(event))\n")
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isStreamLineBreak) {
            bytes.writeString("data: \(line)\n")
        }
        bytes.writeString("\n")
        return bytes
    }

    private static func oneLine(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: text.unicodeScalars.filter { !["\r", "\n", "\0"].contains($0) })
        return String(kept)
    }
}

extension Character {
    /// What ends a line of an event stream; `\r\n` is one Character.
    fileprivate var isStreamLineBreak: Bool { self == "\n" || self == "\r" || self == "\r\n" }
}

extension ServerSentEvent {
    /// Says that the stream is alive, and up to which change it has told everything.
    static func ping(seq: Int) -> ServerSentEvent {
        ServerSentEvent(event: "ping", data: #"{"seq":\#(seq)}"#)
    }

    /// Says that the stream is about to end, and what the client should do.
    static func control(_ control: StreamControl) -> ServerSentEvent {
        let data = #"{"type":"\#(control.type.rawValue)","afterMs":\#(control.afterMilliseconds)}"#
        return ServerSentEvent(event: "control", data: data)
    }
}

/// What a client is told to do with its stream.
package struct StreamControl: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// Close, wait, connect again: this process is about to end, or the stream is old.
        case drain
        /// Close, wait, ask `/api/assignment` again: the flag has changed for this client.
        case reassign
        /// Close and log in again: this login has ended.
        case reauth
    }

    package var type: Kind
    /// Milliseconds the client should wait, random so that not all come at once.
    package var afterMilliseconds: Int

    /// A control with a wait somewhere between none and the longest.
    static func random(_ type: Kind, within longest: Duration) -> StreamControl {
        StreamControl(type: type, afterMilliseconds: Int.random(in: 0...max(0, longest.milliseconds)))
    }
}
