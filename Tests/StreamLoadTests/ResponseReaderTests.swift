import StreamLoad
import Testing

@Suite("The response reader")
struct ResponseReaderTests {
    /// What a connection that answers four requests has sent.
    private static let responses =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5\r\nab\ncd\r\nA;x=1\r\n0123456789\r\n0\r\nT: v\r\n\r\n"
        + "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 10\r\n\r\n"
        + "HTTP/1.1 404 Not Found\r\ncontent-length:  3\r\n\r\nnay"
        + "HTTP/1.1 204 No Content\r\n\r\n"

    private struct Answer: Equatable {
        var status: Int
        var body = ""
        var isEnded = false
    }

    private func answers(to text: String, cutInto size: Int) throws -> [Answer] {
        var reader = ResponseReader()
        var answers: [Answer] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            var rest = bytes[start..<min(start + size, bytes.count)]
            while let piece = try reader.next(in: &rest) {
                switch piece {
                case .head(let status): answers.append(Answer(status: status))
                case .body(let bytes):
                    answers[answers.count - 1].body += String(decoding: bytes, as: UTF8.self)
                case .end: answers[answers.count - 1].isEnded = true
                }
            }
            #expect(rest.isEmpty)
        }
        return answers
    }

    @Test("reads the same answers wherever the bytes are cut", arguments: 1...responses.utf8.count)
    func ignoresCuts(size: Int) throws {
        #expect(
            try answers(to: Self.responses, cutInto: size) == [
                Answer(status: 200, body: "ab\ncd0123456789", isEnded: true),
                Answer(status: 304, isEnded: true),
                Answer(status: 404, body: "nay", isEnded: true),
                Answer(status: 204, isEnded: true),
            ]
        )
    }

    @Test("does not end an answer before its last byte")
    func waitsForEnd() throws {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
        let short = try answers(to: String(chunked.dropLast()), cutInto: 1_000)
        #expect(short == [Answer(status: 200, body: "ok")])
        #expect(try answers(to: chunked, cutInto: 1_000) == [Answer(status: 200, body: "ok", isEnded: true)])
    }

    @Test("keeps the header fields of the last head")
    func keepsFields() throws {
        var reader = ResponseReader()
        var rest = Array("HTTP/1.1 304 Not Modified\r\nETag:  \"a-1\"\r\n\r\n".utf8)[...]
        _ = try reader.next(in: &rest)
        #expect(reader.fields == ["etag": "\"a-1\""])
    }

    @Test(
        "refuses what is no HTTP",
        arguments: [
            "SSH-2.0-x\r\n", "HTTP/1.1 abc\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
            String(repeating: "x", count: 20_000),
        ]
    )
    func refuses(text: String) {
        #expect(throws: MalformedResponse.self) { try answers(to: text, cutInto: 7) }
    }
}
