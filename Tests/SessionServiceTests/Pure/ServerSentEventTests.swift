import NIOCore
import SessionService
import Testing

@Suite("A server-sent event")
struct ServerSentEventTests {
    private func text(_ event: ServerSentEvent) -> String { String(buffer: event.encoded) }

    @Test("has id, name and data, and ends with an empty line")
    func hasAllFields() {
        let event = ServerSentEvent(id: "e-1", event: "delta", data: "{}")
        #expect(text(event) == "id: e-1\nevent: delta\ndata: {}\n\n")
    }

    @Test("has no id line where it has no id")
    func hasNoEmptyID() {
        #expect(text(ServerSentEvent(event: "ping", data: "{}")) == "event: ping\ndata: {}\n\n")
    }

    @Test("cannot be broken up by its id or its name", arguments: ["a\nb", "a\rb", "a\r\nb", "a\0b"])
    func keepsFieldsOnOneLine(name: String) {
        #expect(
            text(ServerSentEvent(id: name, event: name, data: "x")) == "id: ab\nevent: ab\ndata: x\n\n"
        )
    }

    @Test("carries data of several lines in several fields", arguments: ["a\nb", "a\rb", "a\r\nb"])
    func splitsData(data: String) {
        #expect(text(ServerSentEvent(event: "e", data: data)) == "event: e\ndata: a\ndata: b\n\n")
    }

    @Test("keeps blank lines of its data")
    func keepsBlankLines() {
        #expect(
            text(ServerSentEvent(event: "e", data: "a\n\nb\n"))
                == "event: e\ndata: a\ndata: \ndata: b\ndata: \n\n"
        )
    }
}

@Suite("A stream cursor")
struct StreamCursorTests {
    @Test("is read as it is written")
    func roundTrips() {
        #expect(StreamCursor(parsing: "7f3a-41") == StreamCursor(epoch: "7f3a", seq: 41))
        #expect(StreamCursor(parsing: "7f3a-41").description == "7f3a-41")
    }

    @Test(
        "of anything else is of no epoch",
        arguments: ["", "7f3a", "7f3a-", "7f3a-x", "7f3a--1", "7f3a-1-2", "7f3a-99999999999999999999"]
    )
    func refusesGarbage(text: String) {
        #expect(StreamCursor(parsing: text).epoch == "")
    }
}
