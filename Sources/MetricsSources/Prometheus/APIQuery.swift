import HTTPTransport
import Rollout

/// A query of the Prometheus HTTP API.
protocol APIQuery: Sendable, Hashable {
    /// Where it is asked, below the server's address: `/api/v1/…`.
    static var path: String { get }

    /// What it asks, as fields of a form.
    var fields: [(name: String, value: String)] { get }
}

extension APIQuery {
    /// The request that asks it.
    ///
    /// POST keeps long expressions out of the address; GET is for proxies that forbid POST. The server itself may
    /// work on it for `timeout`.
    func request(_ access: Access, method: HTTPMethod, timeout: Span) -> HTTPRequest {
        let form = form(timeout: timeout)
        let url = access.baseURL + Self.path
        let headers = [HTTPHeader("Accept", "application/json")] + access.admission.headers
        if method == .get { return HTTPRequest(method: .get, url: "\(url)?\(form)", headers: headers) }
        let type = HTTPHeader("Content-Type", "application/x-www-form-urlencoded")
        return HTTPRequest(method: .post, url: url, headers: headers + [type], body: Array(form.utf8))
    }

    private func form(timeout: Span) -> String {
        let limit = timeout >= .seconds(1) ? "\(timeout.milliseconds / 1_000)s" : "\(timeout.milliseconds)ms"
        let common = [
            (name: "timeout", value: limit),
            // VictoriaMetrics otherwise hides the newest 30 seconds and answers about other moments.
            (name: "nocache", value: "1"),
        ]
        return (fields + common).map { "\($0.name)=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    /// Everything but RFC 3986's unreserved characters, so that `+` stays a plus.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(UnicodeScalar(byte))
            default:
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}

extension Timestamp {
    /// Seconds since 1970 with three decimals, as the API reads them.
    var queryText: String { Span(milliseconds: millisecondsSinceEpoch).queryText }
}

extension Span {
    /// Seconds with three decimals, as the API reads them.
    var queryText: String {
        let fraction = String(String(1_000 + abs(milliseconds % 1_000)).dropFirst())
        return "\(milliseconds / 1_000).\(fraction)"
    }
}
