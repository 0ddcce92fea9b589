/// A moment on the wall clock, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// An integer, so that a stored moment reads back as the same moment.
package struct Timestamp: Sendable, Hashable, Codable {
    package var millisecondsSinceEpoch: Int64

    package init(millisecondsSinceEpoch: Int64) {
        self.millisecondsSinceEpoch = millisecondsSinceEpoch
    }

    /// A moment given in seconds since 1970, as metrics servers write it.
    package init(secondsSinceEpoch: Double) {
        self.init(millisecondsSinceEpoch: Int64((secondsSinceEpoch * 1_000).rounded()))
    }

    package init(from decoder: any Decoder) throws {
        millisecondsSinceEpoch = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(millisecondsSinceEpoch)
    }

    package var secondsSinceEpoch: Double { Double(millisecondsSinceEpoch) / 1_000 }
}

extension Timestamp: Comparable {
    package static func < (earlier: Timestamp, later: Timestamp) -> Bool {
        earlier.millisecondsSinceEpoch < later.millisecondsSinceEpoch
    }

    package static func + (moment: Timestamp, span: Span) -> Timestamp {
        Timestamp(millisecondsSinceEpoch: moment.millisecondsSinceEpoch + span.milliseconds)
    }

    package static func - (moment: Timestamp, span: Span) -> Timestamp {
        Timestamp(millisecondsSinceEpoch: moment.millisecondsSinceEpoch - span.milliseconds)
    }

    /// The time from `earlier` to `later`; negative when the clock went backwards.
    package static func - (later: Timestamp, earlier: Timestamp) -> Span {
        Span(milliseconds: later.millisecondsSinceEpoch - earlier.millisecondsSinceEpoch)
    }
}
