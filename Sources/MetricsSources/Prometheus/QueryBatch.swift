import HTTPTransport
import Rollout

/// What became of one query in the end.
enum Reply: Sendable, Equatable {
    case answer(QueryAnswer)
    /// There is none; an `unreachable` or `refused`.
    case failure(Outcome)
}

/// Asks queries of one server, many at once, with retries that end with one deadline.
///
/// Belongs to one call of the source, and so do its connections.
final class QueryBatch {
    private let access: Access
    private let foreign: ForeignText
    private let transport: HTTPTransport
    private let now: @Sendable () -> Timestamp
    private let retries: Retries
    private var method = HTTPMethod.post

    /// The smallest difference that any answer gave; nil when none had a date.
    private(set) var serverClockAhead: Span?

    init(_ access: Access, within limit: Span, now: @escaping @Sendable () -> Timestamp, pacing: Pacing) {
        self.access = access
        self.now = now
        retries = Retries(within: limit, pacing: pacing)
        foreign = ForeignText(secrets: access.admission.secrets)
        transport = HTTPTransport(
            TransportSettings(tls: access.admission.tls, acceptsCompression: !access.isLocal)
        )
    }

    /// Asks all queries at once, each different one once, and returns a reply each, in order.
    func ask(_ queries: [some APIQuery]) -> [Reply] {
        let ends = retries.pursue(queries, at: { [access] _ in access.baseURL }, asking: exchange)
        return queries.map { query in
            switch ends[query] {
            case .success(let answer): .answer(cleaned(answer))
            case .failure(let unanswered): .failure(unanswered.outcome)
            case nil: .failure(.unreachable(message: "\(access.baseURL) was not asked"))
            }
        }
    }

    private func exchange(_ queries: [some APIQuery]) -> [Verdict<QueryAnswer>] {
        let limit = max(retries.remaining, .zero)
        // The server shall give up first: its words are better than our silence.
        let margin = min(Span.seconds(2), Span(milliseconds: limit.milliseconds / 5))
        let requests = queries.map {
            $0.request(access, method: method, timeout: max(limit - margin, .milliseconds(1)))
        }
        let results = transport.perform(requests, within: .milliseconds(limit.milliseconds))
        for case .success(let response) in results { readClock(of: response) }
        return refusingMethods(results.map { Verdict($0, foreign: foreign) })
    }

    /// Goes on with GET where POST is not allowed; where GET is not either, nothing is left.
    private func refusingMethods(_ verdicts: [Verdict<QueryAnswer>]) -> [Verdict<QueryAnswer>] {
        guard method == .post else {
            return verdicts.map {
                if case .methodNotAllowed(let message) = $0 {
                    .refused(.request, message: message)
                } else {
                    $0
                }
            }
        }
        for case .methodNotAllowed in verdicts { method = .get }
        return verdicts
    }

    private func readClock(of response: HTTPResponse) {
        guard let date = response.date else { return }
        let (seconds, attoseconds) = (ContinuousClock.now - response.receivedAt).components
        let since = Span(milliseconds: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
        let ahead = ServerClock.ahead(date: date, local: now() - since)
        guard let known = serverClockAhead, abs(known.milliseconds) <= abs(ahead.milliseconds) else {
            serverClockAhead = ahead
            return
        }
    }

    private func cleaned(_ answer: QueryAnswer) -> QueryAnswer {
        var answer = answer
        answer.warnings = answer.warnings.prefix(10).map { foreign.quoted($0, limit: 400) }
        answer.infos = answer.infos.prefix(10).map { foreign.quoted($0, limit: 400) }
        return answer
    }
}
