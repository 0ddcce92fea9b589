import StreamLoad
import Testing

@Suite("The event reader")
struct EventReaderTests {
    private static let stream =
        "retry: 3000\n\nid: 1\nevent: snapshot\ndata: {}\n\nevent: ping\r\ndata: {}\r\n\r\n"
    private static let events = [
        "retry: 3000\n\n", "id: 1\nevent: snapshot\ndata: {}\n\n", "event: ping\r\ndata: {}\r\n\r\n",
    ]

    @Test("sees the same events wherever the bytes are cut", arguments: 1...stream.utf8.count)
    func ignoresCuts(size: Int) {
        var reader = EventReader()
        var seen: [String] = []
        let bytes = Array(Self.stream.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.read(bytes[start..<min(start + size, bytes.count)]) {
                seen.append(String(decoding: $0, as: UTF8.self))
            }
        }
        #expect(seen == Self.events)
    }

    @Test("keeps back what is not whole")
    func keepsBeginning() {
        var reader = EventReader()
        var seen = 0
        reader.read(Array("event: delta\ndata: {}\n".utf8)[...]) { _ in seen += 1 }
        #expect(seen == 0)
        reader.read(Array("\n".utf8)[...]) { _ in seen += 1 }
        #expect(seen == 1)
    }
}
