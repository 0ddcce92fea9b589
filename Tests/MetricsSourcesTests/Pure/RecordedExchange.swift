import FoundationEssentials
import HTTPTransport

/// One recorded exchange with a real server.
struct RecordedExchange {
    var response: HTTPResponse

    /// Reads `Fixtures/SERVER/NAME.json`.
    init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures/\(name).json")
        let wire = try JSONDecoder().decode(Wire.self, from: Data(contentsOf: file))
        response = HTTPResponse(
            status: wire.response.status,
            headers: wire.response.headers.map { HTTPHeader($0[0], $0[1]) },
            body: Array((wire.response.body ?? "").utf8)
        )
    }

    private struct Wire: Decodable {
        var response: Response

        struct Response: Decodable {
            var status: Int
            var headers: [[String]]
            var body: String?
        }
    }
}
