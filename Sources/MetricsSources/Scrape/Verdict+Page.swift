import HTTPTransport
import Rollout

extension Verdict where Answer == Page {
    /// Judges what became of asking for a page; what the server wrote is shown through `foreign`.
    init(_ result: Result<HTTPResponse, TransportFailure>, foreign: ForeignText) {
        switch result {
        case .failure(let failure):
            self.init(failure)
        case .success(let response):
            self = Self.judge(response, foreign)
        }
    }

    private static func judge(_ response: HTTPResponse, _ foreign: ForeignText) -> Verdict {
        guard (200..<300).contains(response.status) else {
            let words = response.words(foreign)
            // A page is only ever asked for with GET.
            if response.status == 405 { return .refused(.request, message: "HTTP 405: \(words)") }
            return Verdict(unsuccessful: response, saying: words, foreign)
        }
        guard let format = format(of: response) else {
            let kind = foreign.quoted(response.header("Content-Type") ?? "", limit: 60)
            let words = response.words(foreign)
            return .refused(.malformed, message: "not a page of metrics but \(kind): \(words)")
        }
        do throws(ExpositionError) {
            return .answer(try Page(response.body, in: format))
        } catch {
            let line = error.line.map { "line \($0): " } ?? ""
            return .refused(.malformed, message: foreign.quoted(line + error.message, limit: 400))
        }
    }

    /// The form of the body by its Content-Type, or by its end where that says nothing.
    ///
    /// Nil for a type that is another thing altogether, such as HTML.
    private static func format(of response: HTTPResponse) -> Exposition.Format? {
        let type = response.header("Content-Type")?.prefix { $0 != ";" && $0 != " " }.lowercased()
        switch type {
        case "application/openmetrics-text": return .openMetrics
        case "text/plain": return .text
        case nil, "", "application/octet-stream":
            let body = response.body.last == 0x0a ? response.body.dropLast() : response.body[...]
            return body.reversed().starts(with: "\n# EOF".utf8.reversed()) ? .openMetrics : .text
        default: return nil
        }
    }
}
