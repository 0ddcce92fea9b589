import Testing
import TidegateTestKit

@testable import ClientSimulation

@Suite("The event stream parser")
struct EventStreamParserTests {
    private func events(in text: String) throws -> [ServerSentEvent] {
        var parser = EventStreamParser()
        return try parser.events(in: text.utf8)
    }

    @Test(
        "reads what the standard says",
        arguments: [
            ("data: a\n\n", ["message|a|"]),
            ("event: ping\ndata: {}\n\n", ["ping|{}|"]),
            ("data: one\ndata: two\n\n", ["message|one\ntwo|"]),
            ("data\n\n", ["message||"]),
            ("data:a\ndata:  b\n\n", ["message|a\n b|"]),
            ("data: a: b\n\n", ["message|a: b|"]),
            (": comment\n\ndata: a\n: another\n\n", ["message|a|"]),
            ("event: lost\n\ndata: a\n\n", ["message|a|"]),
            ("id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", ["message|a|7", "message|b|7", "message|c|"]),
            ("id: 7\n\ndata: a\n\n", ["message|a|7"]),
            ("id: x\0y\ndata: a\n\n", ["message|a|"]),
            ("retry: 3000\n\nodd: field\ndata: a\n\n", ["message|a|"]),
            ("\u{FEFF}data: a\n\ndata: b\n\n", ["message|a|", "message|b|"]),
            ("data: a\n\n\u{FEFF}data: b\n\n", ["message|a|"]),
            ("data: a\r\n\r\ndata: b\r\rdata: c\n\n", ["message|a|", "message|b|", "message|c|"]),
            ("data: unfinished\n", []),
            ("data: unfinished", []),
            ("", []),
        ]
    )
    func standard(text: String, expected: [String]) throws {
        #expect(try events(in: text).map { "\($0.type)|\($0.data)|\($0.id)" } == expected)
    }

    @Test("gives the same events wherever the bytes are cut")
    func anyCut() throws {
        let text =
            "\u{FEFF}: hello\r\nid: 7f3a-1\r\nevent: snapshot\r\ndata: {\"é\":\r\ndata: \"🌊\"}\r\n\r\n"
            + "event: delta\rdata: 1\r\rdata: 2\n\n"
        let whole = try events(in: text)
        try #require(whole.count == 3)
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var parser = EventStreamParser()
                var found = try parser.events(in: bytes[..<first])
                found += try parser.events(in: bytes[first..<second])
                found += try parser.events(in: bytes[second...])
                #expect(found == whole, "cut at \(first) and \(second)")
            }
        }
    }

    @Test("survives any bytes", arguments: [1, 2, 3] as [UInt64])
    func anyBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("data: event:id\n\r\n\r\0\u{FEFF}é".utf8)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...60, using: &random)
            let bytes = (0..<count).compactMap { _ in alphabet.randomElement(using: &random) }
            var whole = EventStreamParser()
            var bytewise = EventStreamParser()
            let expected = try whole.events(in: bytes)
            let found = try bytes.flatMap { try bytewise.events(in: [$0]) }
            #expect(found == expected, "seed \(seed) \(bytes)")
        }
    }

    @Test("refuses an event without an end")
    func endless() throws {
        var parser = EventStreamParser(limit: 20)
        _ = try parser.events(in: "data: 12345678\n\n".utf8)
        #expect(throws: ClientFailure.malformed("an event of more than 20 bytes")) {
            try parser.events(in: "data: 12345678\ndata: 12345678\n".utf8)
        }
    }
}
