import FoundationEssentials
import HTTPTransport
import Rollout

/// What one exchange came to: decided by the status, and by whether the body is the API's own.
enum Verdict: Sendable, Equatable {
    case answer(QueryAnswer)
    /// Asking again may help: `tries` is how many there may be in all, `after` what the server asked to wait.
    case again(message: String, tries: Int, after: Span?)
    /// A proxy does not let POST through; GET asks the same.
    case methodNotAllowed(message: String)
    case refused(Refusal, message: String)
}

extension Verdict {
    /// Judges what became of a request; what the server wrote is shown through `foreign`.
    init(_ result: Result<HTTPResponse, TransportFailure>, foreign: ForeignText = ForeignText()) {
        switch result {
        case .success(let response): self = Self.judge(response, foreign)
        case .failure(let failure): self = Self.judge(failure)
        }
    }

    private static func judge(_ failure: TransportFailure) -> Verdict {
        switch failure.code {
        case .nameNotResolved, .notConnected, .timedOut, .interrupted:
            .again(message: failure.message, tries: 3, after: nil)
        case .tlsHandshake, .other:
            .again(message: failure.message, tries: 2, after: nil)
        case .invalidTLSSettings, .untrustedServer:
            .refused(.credentials, message: failure.message)
        case .tooLarge, .undecodable:
            .refused(.malformed, message: failure.message)
        case .invalidRequest:
            .refused(.request, message: failure.message)
        }
    }

    private static func judge(_ response: HTTPResponse, _ foreign: ForeignText) -> Verdict {
        let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(response.body))
        let message = "HTTP \(response.status): \(words(of: response, envelope, foreign))"
        let wait = response.retryAfter
        switch response.status {
        case 200..<300:
            return success(response, envelope, foreign)
        case 300..<400:
            return .refused(.credentials, message: redirection(response, foreign))
        case 401, 403:
            return .refused(.credentials, message: message)
        case 404 where envelope == nil:
            return .refused(.request, message: "\(message); is the path in the metrics url right?")
        case 405:
            return .methodNotAllowed(message: message)
        case 408, 429, 499, 502, 504:
            return .again(message: message, tries: 3, after: wait)
        case 503:
            // A query that ran out of time takes as long again; one that only queued does not.
            let ranOutOfTime = envelope?.errorType == "timeout" && envelope?.error?.contains("queue") != true
            return .again(message: message, tries: ranOutOfTime ? 2 : 3, after: wait)
        case 500...:
            return .again(message: message, tries: 2, after: wait)
        default:
            return .refused(.request, message: message)
        }
    }

    private static func success(
        _ response: HTTPResponse,
        _ envelope: Envelope?,
        _ foreign: ForeignText
    ) -> Verdict {
        if let answer = envelope?.answer { return .answer(answer) }
        if envelope?.status == "error" {
            return .refused(.request, message: words(of: response, envelope, foreign))
        }
        let kind = response.header("Content-Type").map { " but \(foreign.quoted($0, limit: 60))" } ?? ""
        let words = words(of: response, nil, foreign)
        return .refused(.malformed, message: "not an answer of the query API\(kind): \(words)")
    }

    private static func redirection(_ response: HTTPResponse, _ foreign: ForeignText) -> String {
        // What follows a question mark may be a session's secret.
        let place = response.header("Location")?.prefix { $0 != "?" && $0 != "#" } ?? "an unnamed place"
        return "HTTP \(response.status): redirected to \(foreign.quoted(String(place))), as logins do"
    }

    /// The API's own error text, or the beginning of a foreign body.
    private static func words(of response: HTTPResponse, _ envelope: Envelope?, _ foreign: ForeignText)
        -> String
    {
        if let error = envelope?.error {
            let kind = envelope?.errorType.map { "\($0): " } ?? ""
            return foreign.quoted(kind + error, limit: 400)
        }
        let quote = foreign.quoted(response.body)
        return quote.isEmpty ? "no explanation" : quote
    }
}

extension HTTPResponse {
    /// What the server asked to wait, be it a number of seconds or a moment; nil when it asked for nothing.
    var retryAfter: Span? {
        guard let text = header("Retry-After") else { return nil }
        if let seconds = Int64(text) { return .seconds(seconds.clamped(0, 86_400)) }
        guard let moment = Timestamp(httpDate: text), let now = date else { return nil }
        return (moment - now).clamped(.zero, .hours(24))
    }

    /// The server's clock when it answered.
    var date: Timestamp? { header("Date").flatMap { Timestamp(httpDate: $0) } }
}

extension Int64 {
    fileprivate func clamped(_ lowest: Int64, _ highest: Int64) -> Int64 {
        Swift.min(Swift.max(self, lowest), highest)
    }
}
