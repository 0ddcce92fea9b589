/// Reads HTTP/1.1 responses, one after another, from bytes that may be cut anywhere.
///
/// Knows what a load client meets: chunked bodies, bodies of a known length, and answers without one.
package struct ResponseReader: Sendable {
    /// A part of a response.
    package enum Piece: Sendable, Equatable {
        case head(status: Int)
        /// Some bytes of the body, without any framing.
        case body(ArraySlice<UInt8>)
        /// The response is complete; the next may follow.
        case end
    }

    private enum State {
        case head
        case fixedBody(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailers
        case complete
    }

    private var state = State.head
    /// What has arrived of a line.
    private var line: [UInt8] = []
    /// What the head that is being read has said; nil before its first line.
    private var status: Int?
    /// The header fields of the last head, by their names in small letters.
    package private(set) var fields: [String: String] = [:]

    private static let longestLine = 16 * 1_024

    package init() {}

    /// Takes the next piece off the front of what has arrived.
    ///
    /// - Parameter bytes: What has arrived and was not taken yet; call again until there is nothing more in it.
    /// - Returns: The piece, or nil when that takes more bytes than there are.
    /// - Throws: ``MalformedResponse`` when this is no HTTP.
    package mutating func next(in bytes: inout ArraySlice<UInt8>) throws(MalformedResponse) -> Piece? {
        while true {
            switch state {
            case .complete:
                state = .head
                return .end
            case .fixedBody(let left):
                guard let piece = bytes.taken(upTo: left) else { return nil }
                state = piece.count == left ? .complete : .fixedBody(left: left - piece.count)
                return .body(piece)
            case .chunk(let left):
                guard let piece = bytes.taken(upTo: left) else { return nil }
                state = piece.count == left ? .chunkEnd : .chunk(left: left - piece.count)
                return .body(piece)
            case .head, .chunkSize, .chunkEnd, .trailers:
                guard try takeLine(from: &bytes) else { return nil }
                defer { line.removeAll(keepingCapacity: true) }
                if let piece = try understand(line) { return piece }
            }
        }
    }

    /// Moves bytes to ``line`` until it is whole; its end is left out.
    private mutating func takeLine(from bytes: inout ArraySlice<UInt8>) throws(MalformedResponse) -> Bool {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
            line += bytes
            bytes = []
            guard line.count <= Self.longestLine else { throw MalformedResponse(what: "an endless line") }
            return false
        }
        line += bytes[..<end]
        bytes = bytes[(end + 1)...]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return true
    }

    private mutating func understand(_ line: [UInt8]) throws(MalformedResponse) -> Piece? {
        switch state {
        case .head:
            guard let status else {
                self.status = try Self.status(of: line)
                fields = [:]
                return nil
            }
            guard line.isEmpty else {
                note(field: line)
                return nil
            }
            try endHead(status)
            return .head(status: status)
        case .chunkSize:
            let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0 else {
                throw MalformedResponse(what: "a chunk of '\(String(decoding: line, as: UTF8.self))' bytes")
            }
            state = size == 0 ? .trailers : .chunk(left: size)
        case .chunkEnd:
            guard line.isEmpty else { throw MalformedResponse(what: "a chunk that is longer than it says") }
            state = .chunkSize
        case .trailers:
            if line.isEmpty { state = .complete }
        case .fixedBody, .chunk, .complete: break
        }
        return nil
    }

    private static func status(of line: [UInt8]) throws(MalformedResponse) -> Int {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard words.count >= 2, words[0].starts(with: Array("HTTP/1.".utf8)),
            let status = Int(String(decoding: words[1], as: UTF8.self)), (100...599).contains(status)
        else { throw MalformedResponse(what: "'\(String(decoding: line, as: UTF8.self))' as its first line") }
        return status
    }

    private mutating func note(field line: [UInt8]) {
        let parts = String(decoding: line, as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return }
        fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " || $0 == "\t" })
    }

    private mutating func endHead(_ status: Int) throws(MalformedResponse) {
        self.status = nil
        let length = fields["content-length", default: "0"]
        guard let bodyBytes = Int(length), bodyBytes >= 0 else {
            throw MalformedResponse(what: "a length of '\(length)'")
        }
        if status / 100 == 1 || status == 204 || status == 304 {
            state = .complete
        } else if fields["transfer-encoding"]?.lowercased() == "chunked" {
            state = .chunkSize
        } else {
            state = bodyBytes == 0 ? .complete : .fixedBody(left: bodyBytes)
        }
    }
}

extension ResponseReader {
    /// All pieces in what has arrived; for connections where little does.
    mutating func pieces(in bytes: ArraySlice<UInt8>) throws(LoadFailure) -> [Piece] {
        var pieces: [Piece] = []
        var rest = bytes
        do throws(MalformedResponse) {
            while let piece = try next(in: &rest) { pieces.append(piece) }
        } catch {
            throw error.failure
        }
        return pieces
    }
}

/// What a server has sent is no HTTP response.
package struct MalformedResponse: Error, Equatable {
    package var what: String

    var failure: LoadFailure { LoadFailure("an answer has \(what)", hint: "is another server on that port?") }
}

extension ArraySlice<UInt8> {
    /// Takes so many bytes off the front, or as many as there are; nil when there are none.
    fileprivate mutating func taken(upTo count: Int) -> ArraySlice<UInt8>? {
        guard !isEmpty else { return nil }
        defer { self = dropFirst(count) }
        return prefix(count)
    }
}
