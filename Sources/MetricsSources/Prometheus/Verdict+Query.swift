import FoundationEssentials
import HTTPTransport
import Rollout

extension Verdict where Answer == QueryAnswer {
    /// Judges what became of a query; what the server wrote is shown through `foreign`.
    init(_ result: Result<HTTPResponse, TransportFailure>, foreign: ForeignText = ForeignText()) {
        switch result {
        case .success(let response): self = Self.judge(response, foreign)
        case .failure(let failure): self.init(failure)
        }
    }

    private static func judge(_ response: HTTPResponse, _ foreign: ForeignText) -> Verdict {
        let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(response.body))
        let words = words(of: response, envelope, foreign)
        switch response.status {
        case 200..<300:
            return success(response, envelope, foreign)
        case 404 where envelope != nil:
            return .refused(.request, message: "HTTP 404: \(words)")
        case 503 where envelope?.errorType == "timeout" && envelope?.error?.contains("queue") != true:
            // A query that ran out of time takes as long again; one that only queued does not.
            return .again(message: "HTTP 503: \(words)", tries: 2, after: response.retryAfter)
        default:
            return Verdict(unsuccessful: response, saying: words, foreign)
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
        let words = response.words(foreign)
        return .refused(.malformed, message: "not an answer of the query API\(kind): \(words)")
    }

    /// The API's own error text, or the beginning of a foreign body.
    private static func words(of response: HTTPResponse, _ envelope: Envelope?, _ foreign: ForeignText)
        -> String
    {
        guard let error = envelope?.error else { return response.words(foreign) }
        let kind = envelope?.errorType.map { "\($0): " } ?? ""
        return foreign.quoted(kind + error, limit: 400)
    }
}
