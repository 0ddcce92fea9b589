/// How something is published so that it reaches every stream.
package struct PublicationRequest: Sendable {
    package var method: String
    package var path: String
    /// The body that publishes a name.
    package var body: @Sendable (_ name: String) -> String

    package init(_ method: String, _ path: String, body: @escaping @Sendable (_ name: String) -> String) {
        self.method = method
        self.path = path
        self.body = body
    }

    /// Gives a session of the service a new name.
    ///
    /// - Parameter id: The session's.
    /// - Returns: One change of one session, so one delta.
    package static func rename(_ id: String) -> PublicationRequest {
        PublicationRequest("PATCH", "/api/sessions/\(id)") { #"{"name":"\#($0)"}"# }
    }

    /// Has the floor write an event like the service's.
    ///
    /// - Parameter bytes: How long it is.
    /// - Returns: What the floor writes as it is.
    package static func verbatim(bytes: Int) -> PublicationRequest {
        PublicationRequest("POST", "/") { name in
            let head = "event: delta\ndata: {\"name\":\"\(name)\",\"rest\":\""
            let end = "\"}\n\n"
            let rest = max(0, bytes - head.utf8.count - end.utf8.count)
            return head + String(repeating: "x", count: rest) + end
        }
    }
}

/// The connection that a fleet publishes on.
struct PublishingConnection {
    let connection: Connection
    private var response = ResponseReader()
    private(set) var isAnswered = true

    init(to port: UInt16) throws(LoadFailure) {
        connection = try Connection(to: port)
    }

    mutating func send(_ publication: PublicationRequest, named name: String) throws(LoadFailure) {
        let body = publication.body(name)
        isAnswered = false
        try connection.send(Caller.publisher.request(publication.method, publication.path, body: body))
    }

    /// Reads the answer, as far as it is there.
    ///
    /// - Throws: ``LoadFailure`` when it is a refusal.
    mutating func receive(into buffer: inout [UInt8]) throws(LoadFailure) {
        switch connection.receive(into: &buffer) {
        case .nothingYet: return
        case .ended: throw LoadFailure("the server hung up on the publisher", hint: "its log may say why")
        case .some(let count):
            for piece in try response.pieces(in: buffer[..<count]) {
                if case .head(let status) = piece, status / 100 != 2 {
                    throw LoadFailure(
                        "a publication was answered with \(status)",
                        hint: "is this the session service, with limits that allow it?"
                    )
                }
                if piece == .end { isAnswered = true }
            }
        }
    }
}
