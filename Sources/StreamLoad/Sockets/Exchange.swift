/// One request and its whole answer, on a connection of its own.
package struct Exchange: Sendable {
    package var status: Int
    /// Header fields by their names in small letters.
    package var fields: [String: String]
    package var body: String

    /// Sends a request and waits for the answer.
    ///
    /// - Throws: ``LoadFailure`` when there is no whole answer within ten seconds of silence.
    package static func send(
        _ method: String = "GET",
        port: UInt16,
        _ path: String,
        body: String = "",
        from caller: Caller = .publisher
    ) throws(LoadFailure) -> Exchange {
        let patience: Int32 = 10_000
        let connection = try Connection(to: port)
        try connection.wait(for: .connected, milliseconds: patience)
        try connection.send(caller.request(method, path, body: body))
        var response = ResponseReader()
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        var answer: [UInt8] = []
        var head = (status: 0, fields: [String: String]())
        while true {
            try connection.wait(for: .arrival, milliseconds: patience)
            guard case .some(let count) = connection.receive(into: &buffer) else {
                throw LoadFailure("\(method) \(path) got no whole answer", hint: "its log may say why")
            }
            for piece in try response.pieces(in: buffer[..<count]) {
                switch piece {
                case .head(let status): head = (status, response.fields)
                case .body(let bytes): answer += bytes
                case .end:
                    let body = String(decoding: answer, as: UTF8.self)
                    return Exchange(status: head.status, fields: head.fields, body: body)
                }
            }
        }
    }
}

extension Exchange {
    /// Creates a session of the service.
    ///
    /// - Parameters:
    ///   - port: The service's.
    ///   - words: How many words its command has beside the program; every delta of it carries them.
    ///   - letters: How long each of them is.
    /// - Returns: Its id.
    /// - Throws: ``LoadFailure`` when the service refuses.
    package static func createSession(port: UInt16, words: Int = 0, letters: Int = 0) throws(LoadFailure)
        -> String
    {
        let word = "\"" + String(repeating: "x", count: letters) + "\""
        let command = (["\"true\""] + [String](repeating: word, count: words)).joined(separator: ",")
        let answer = try send("POST", port: port, "/api/sessions", body: #"{"command":[\#(command)]}"#)
        guard answer.status == 201, let start = answer.body.firstRange(of: #""id":""#)?.upperBound else {
            throw LoadFailure("creating a session was answered with \(answer.status)", hint: answer.body)
        }
        return String(answer.body[start...].prefix { $0 != "\"" })
    }

    /// What the service calls the list as it is now.
    ///
    /// - Throws: ``LoadFailure`` when it does not say.
    package static func entityTag(port: UInt16) throws(LoadFailure) -> String {
        let answer = try send(port: port, "/api/sessions?client=load-0")
        guard let tag = answer.fields["etag"] else {
            throw LoadFailure(
                "the list has no ETag, and status \(answer.status)",
                hint: "is this the service?"
            )
        }
        return tag
    }

    /// How many requests the service has answered, by its own count; asking for it is not among them.
    ///
    /// - Throws: ``LoadFailure`` when it does not say.
    package static func requestsAnswered(port: UInt16) throws(LoadFailure) -> Int {
        let page = try send(port: port, "/metrics").body
        let counts = page.split(separator: "\n").filter {
            $0.hasPrefix("http_requests_total{") && !$0.contains(#"route="/metrics""#)
        }
        guard !counts.isEmpty else {
            throw LoadFailure("the metrics page counts no requests", hint: "is this the session service?")
        }
        return counts.reduce(0) { $0 + Int($1.split(separator: " ").last.flatMap { Double($0) } ?? 0) }
    }
}
