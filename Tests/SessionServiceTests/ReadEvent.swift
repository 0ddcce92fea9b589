import FoundationEssentials

/// One event as a client reads it.
struct ReadEvent: Sendable, Equatable {
    var id: String?
    var name = "message"
    var data = ""

    struct Garbled: Error {
        var line: String
    }

    /// What the members of the data mean to these tests.
    struct Payload: Decodable {
        struct Op: Decodable {
            var op: String
            var id: String?
            var session: Item?
        }

        struct Item: Decodable {
            var id: String
            var name: String
            var command: [String]
            var createdAt: String
        }

        var epoch: String?
        var seq: Int?
        var prev: Int?
        var reason: String?
        var hb: Int?
        var type: String?
        var afterMs: Int?
        var sessions: [Item]?
        var ops: [Op]?
    }

    func payload() throws -> Payload {
        try JSONDecoder().decode(Payload.self, from: Data(data.utf8))
    }

    /// One block of lines; nil when it has no data, as browsers read it.
    init?(block: Substring) throws {
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Garbled(line: String(line)) }
            let value = String(parts[1].dropFirst())
            switch parts[0] {
            case "id": id = value
            case "event": name = value
            case "data": data += data.isEmpty ? value : "\n\(value)"
            case "retry": continue
            default: throw Garbled(line: String(line))
            }
        }
        if data.isEmpty { return nil }
    }

    /// Every finished event of a text.
    static func all(in text: String) throws -> [ReadEvent] {
        try text.split(separator: "\n\n").compactMap { try ReadEvent(block: $0) }
    }
}
