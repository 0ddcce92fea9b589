/// What a load client wants to know of one event of the service's stream.
package struct StreamEvent: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case snapshot, delta, ping, control
        /// An event of another name, or none, such as what only sets the time to reconnect.
        case other
    }

    package var kind: Kind
    /// When the newest publication in it was sent, in nanoseconds of ``Monotonic``; nil where it carries none.
    package var publication: UInt64?
    /// How many bytes it takes in the stream.
    package var size: Int

    package init(kind: Kind, publication: UInt64? = nil, size: Int) {
        self.kind = kind
        self.publication = publication
        self.size = size
    }

    /// Reads an event.
    ///
    /// - Parameter lines: Its lines, as ``EventReader`` gives them.
    package init(_ lines: ArraySlice<UInt8>) {
        self.init(kind: Self.kind(of: lines), publication: Publication.newest(in: lines), size: lines.count)
    }

    private static let nameField = Array("event: ".utf8)

    private static func kind(of lines: ArraySlice<UInt8>) -> Kind {
        var rest = lines
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            if rest[..<end].starts(with: nameField) {
                let name = rest[(rest.startIndex + nameField.count)..<end].filter { $0 != UInt8(ascii: "\r") }
                return Kind(rawValue: String(decoding: name, as: UTF8.self)) ?? .other
            }
            rest = rest[end...].dropFirst()
        }
        return .other
    }
}

/// A session's name that says when it was sent.
package enum Publication {
    private static let prefix = Array("sent-at-".utf8)

    /// The name to publish at a moment of ``Monotonic``.
    package static func name(at nanoseconds: UInt64) -> String {
        String(decoding: prefix, as: UTF8.self) + "\(nanoseconds)"
    }

    /// The latest moment that any such name in these bytes has; nil where there is none.
    static func newest(in bytes: ArraySlice<UInt8>) -> UInt64? {
        var newest: UInt64?
        var index = bytes.startIndex
        while let found = bytes[index...].firstIndex(of: prefix[0]) {
            index = found + 1
            guard bytes[found...].starts(with: prefix) else { continue }
            var moment: UInt64 = 0
            var digits = 0
            for byte in bytes[(found + prefix.count)...] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { break }
                moment = moment &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
                digits += 1
            }
            if digits > 0 { newest = max(newest ?? 0, moment) }
        }
        return newest
    }
}
