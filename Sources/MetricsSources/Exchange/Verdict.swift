import HTTPTransport
import Rollout

/// What one exchange came to: decided by the status, and by whether the body is what was asked for.
enum Verdict<Answer: Sendable & Equatable>: Sendable, Equatable {
    case answer(Answer)
    /// Asking again may help: `tries` is how many there may be in all, `after` what the server asked to wait.
    case again(message: String, tries: Int, after: Span?)
    /// A proxy does not let the method through; another one may ask the same.
    case methodNotAllowed(message: String)
    case refused(Refusal, message: String)
}

extension Verdict {
    /// Judges an exchange without an answer.
    init(_ failure: TransportFailure) {
        switch failure.code {
        case .nameNotResolved, .notConnected, .timedOut, .interrupted:
            self = .again(message: failure.message, tries: 3, after: nil)
        case .tlsHandshake, .other:
            self = .again(message: failure.message, tries: 2, after: nil)
        case .invalidTLSSettings, .untrustedServer:
            self = .refused(.credentials, message: failure.message)
        case .tooLarge, .undecodable:
            self = .refused(.malformed, message: failure.message)
        case .invalidRequest:
            self = .refused(.request, message: failure.message)
        }
    }

    /// Judges a status that is no success, whatever was asked; `words` are the server's own.
    init(unsuccessful response: HTTPResponse, saying words: String, _ foreign: ForeignText) {
        let message = "HTTP \(response.status): \(words)"
        let wait = response.retryAfter
        switch response.status {
        case 300..<400:
            self = .refused(.credentials, message: Self.redirection(response, foreign))
        case 401, 403:
            self = .refused(.credentials, message: message)
        case 404:
            self = .refused(.request, message: "\(message); is the path in the metrics url right?")
        case 405:
            self = .methodNotAllowed(message: message)
        case 408, 429, 499, 502, 503, 504:
            self = .again(message: message, tries: 3, after: wait)
        case 500...:
            self = .again(message: message, tries: 2, after: wait)
        default:
            self = .refused(.request, message: message)
        }
    }

    private static func redirection(_ response: HTTPResponse, _ foreign: ForeignText) -> String {
        // What follows a question mark may be a session's secret.
        let place = response.header("Location")?.prefix { $0 != "?" && $0 != "#" } ?? "an unnamed place"
        return "HTTP \(response.status): redirected to \(foreign.quoted(String(place))), as logins do"
    }
}

extension HTTPResponse {
    /// The beginning of the body, or that there is none.
    func words(_ foreign: ForeignText) -> String {
        let quote = foreign.quoted(body)
        return quote.isEmpty ? "no explanation" : quote
    }
}
