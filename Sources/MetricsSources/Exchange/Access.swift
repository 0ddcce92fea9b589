import HTTPTransport
import Rollout

/// How to reach one server in this batch: its address, and what lets us in.
struct Access: Sendable {
    /// Without a slash at the end.
    var baseURL: String
    var admission: Admission
    /// On the same host: there, compressing an answer takes longer than sending it.
    var isLocal: Bool

    /// Nothing can be asked, and why.
    struct Denial: Error, Sendable, Equatable {
        var refusal: Refusal
        var message: String
    }

    init(_ location: PrometheusLocation, environment: [String: String]) throws(Denial) {
        let url = try HTTPURL(askedAt: location.url)
        guard !url.rest.contains("?"), !url.rest.contains("#") else {
            let message = "metrics url: it must end with its path, without ? or #"
            throw Denial(refusal: .request, message: message)
        }
        admission = try Admission(
            location.credentials,
            headers: location.headers,
            tls: location.tls,
            environment: environment
        )
        try admission.check(url)
        baseURL = String(location.url.reversed().drop { $0 == "/" }.reversed())
        isLocal = url.isLoopback
    }
}

extension HTTPURL {
    /// An address from the policy; its objection is one to the question, not to the server.
    init(askedAt text: String) throws(Access.Denial) {
        do throws(HTTPURLError) {
            try self.init(text)
        } catch {
            throw Access.Denial(refusal: .request, message: "metrics url: \(error)")
        }
    }
}
