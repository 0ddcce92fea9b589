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
    private let deadline: ContinuousClock.Instant
    private let now: @Sendable () -> Timestamp
    private let pacing: Pacing
    private var method = HTTPMethod.post

    /// The smallest difference that any answer gave; nil when none had a date.
    private(set) var serverClockAhead: Span?

    init(_ access: Access, within limit: Span, now: @escaping @Sendable () -> Timestamp, pacing: Pacing) {
        self.access = access
        self.now = now
        self.pacing = pacing
        foreign = ForeignText(secrets: access.secrets)
        transport = HTTPTransport(TransportSettings(tls: access.tls, acceptsCompression: !access.isLocal))
        deadline = .now + .milliseconds(limit.milliseconds)
    }

    /// Asks all queries at once, each different one once, and returns a reply each, in order.
    func ask(_ queries: [InstantQuery]) -> [Reply] {
        var replies: [InstantQuery: Reply] = [:]
        var open = queries.reduce(into: [InstantQuery]()) { if !$0.contains($1) { $0.append($1) } }
        var tries = 0
        while !open.isEmpty {
            tries += 1
            var waits: [Span] = []
            var again: [InstantQuery] = []
            let method = method
            for (query, verdict) in zip(open, exchange(open)) {
                switch decide(verdict, after: tries, asking: method) {
                case .final(let reply): replies[query] = reply
                case .retry(let wait):
                    again.append(query)
                    waits.append(wait)
                }
            }
            open = again
            if let wait = waits.max(), wait > .zero { pacing.sleep(wait) }
        }
        let unasked = Reply.failure(.unreachable(message: "\(access.baseURL) was not asked"))
        return queries.map { replies[$0] ?? unasked }
    }

    private enum Decision {
        case final(Reply)
        case retry(after: Span)
    }

    private func decide(_ verdict: Verdict, after tries: Int, asking method: HTTPMethod) -> Decision {
        switch verdict {
        case .answer(let answer):
            return .final(.answer(cleaned(answer)))
        case .refused(let refusal, let message):
            return .final(.failure(.refused(refusal, message: "\(access.baseURL): \(message)")))
        case .methodNotAllowed(let message):
            guard method == .post else {
                return .final(.failure(.refused(.request, message: "\(access.baseURL): \(message)")))
            }
            return .retry(after: .zero)
        case .again(let message, let allowed, let asked):
            let wait = max(asked ?? .zero, pacing.backoff(after: tries))
            guard tries < allowed, wait < remaining else {
                let count = tries == 1 ? "" : " (tried \(tries) times)"
                let later = asked.map { "; it asks to wait \($0)" } ?? ""
                return .final(
                    .failure(.unreachable(message: "\(access.baseURL): \(message)\(later)\(count)"))
                )
            }
            return .retry(after: wait)
        }
    }

    private func exchange(_ queries: [InstantQuery]) -> [Verdict] {
        let limit = max(remaining, .zero)
        // The server shall give up first: its words are better than our silence.
        let margin = min(Span.seconds(2), Span(milliseconds: limit.milliseconds / 5))
        let requests = queries.map {
            $0.request(access, method: method, timeout: max(limit - margin, .milliseconds(1)))
        }
        let results = transport.perform(requests, within: .milliseconds(limit.milliseconds))
        for case .success(let response) in results { readClock(of: response) }
        let verdicts = results.map { Verdict($0, foreign: foreign) }
        if verdicts.contains(where: { if case .methodNotAllowed = $0 { true } else { false } }) {
            method = .get
        }
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

    private var remaining: Span {
        let (seconds, attoseconds) = (deadline - .now).components
        return Span(milliseconds: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}
