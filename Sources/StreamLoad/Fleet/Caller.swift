/// Whom a request says it is from: limits count by address, and a load client has only one of its own.
package struct Caller: Sendable, Hashable {
    /// Which of 2^24 callers.
    package var number: Int

    package init(_ number: Int) {
        self.number = number
    }

    /// Who publishes; no fleet is so large that it has this number.
    package static let publisher = Caller(0xff_fffe)

    /// An address in 10.0.0.0/8.
    package var address: String { "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)" }

    /// A whole request.
    ///
    /// - Parameters:
    ///   - method: Such as `GET`.
    ///   - path: With its query.
    ///   - fields: More header fields, each with its line end.
    ///   - body: JSON, or nothing.
    /// - Returns: Head and body as they are sent.
    func request(_ method: String, _ path: String, fields: String = "", body: String = "") -> String {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: \(address)\r\n\(fields)"
        if !body.isEmpty {
            head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        }
        return head + "\r\n" + body
    }
}
