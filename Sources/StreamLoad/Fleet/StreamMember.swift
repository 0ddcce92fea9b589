/// One stream of a fleet: what has come in on it so far.
package struct StreamMember: Sendable {
    /// The answer's status; nil before there is one.
    package private(set) var status: Int?
    /// When its first event was there, a snapshot or another that is more than a setting.
    package private(set) var firstEventAt: UInt64?
    /// The newest publication it has received, and when; 0 before the first.
    package private(set) var newest: UInt64 = 0
    package private(set) var newestAt: UInt64 = 0
    /// How often a publication came that was no newer than the one before.
    package private(set) var repeats = 0
    /// When the service said that the stream is about to end.
    package private(set) var controlAt: UInt64?
    /// When the stream ended, in order or not.
    package var endedAt: UInt64?
    /// The size of the last event that carried a publication.
    package private(set) var publicationBytes = 0

    private var response = ResponseReader()
    private var events = EventReader()

    package init() {}

    /// Takes in what has arrived.
    ///
    /// - Parameters:
    ///   - bytes: What the connection had to read.
    ///   - now: When that was, on ``Monotonic``.
    /// - Throws: ``MalformedResponse`` when this is no HTTP.
    package mutating func take(_ bytes: ArraySlice<UInt8>, at now: UInt64) throws(MalformedResponse) {
        var rest = bytes
        while let piece = try response.next(in: &rest) {
            switch piece {
            case .head(let status): self.status = status
            case .end: endedAt = endedAt ?? now
            case .body(let bytes) where status == 200:
                var reader = events
                // Its bytes are not copied while nobody else has them.
                events = EventReader()
                reader.read(bytes) { see(StreamEvent($0), at: now) }
                events = reader
            case .body: break
            }
        }
    }

    private mutating func see(_ event: StreamEvent, at now: UInt64) {
        if event.kind != .other, firstEventAt == nil { firstEventAt = now }
        if event.kind == .control, controlAt == nil { controlAt = now }
        guard let publication = event.publication else { return }
        // A snapshot repeats what the stream may have had before it.
        guard publication > newest else {
            if event.kind == .delta { repeats += 1 }
            return
        }
        newest = publication
        newestAt = now
        publicationBytes = event.size
    }
}
