import HTTPTransport
import Rollout

/// Reads pages, all at once and each once, with retries that end with one deadline.
struct PageReader: Sendable {
    private let urls: [String]
    private let admission: Admission
    private let isLocal: Bool

    /// Takes the pages of a policy and reads the secrets that let us in.
    ///
    /// - Throws: ``Access/Denial`` where a page must not be asked: a bad address, a secret that cannot be read or
    ///   that others could read on its way.
    init(_ location: ScrapeLocation, environment: [String: String]) throws(Access.Denial) {
        admission = try Admission(
            location.credentials,
            headers: location.headers,
            tls: location.tls,
            environment: environment
        )
        var isLocal = true
        for page in location.pages {
            let url = try HTTPURL(askedAt: page)
            try admission.check(url)
            isLocal = isLocal && url.isLoopback
        }
        urls = location.pages
        self.isLocal = isLocal
    }

    /// What became of each page, in order.
    func read(within limit: Span, pacing: Pacing) -> [PageReading] {
        let foreign = ForeignText(secrets: admission.secrets)
        let transport = HTTPTransport(TransportSettings(tls: admission.tls, acceptsCompression: !isLocal))
        let retries = Retries(within: limit, pacing: pacing)
        let ends = retries.pursue(urls, at: { $0 }) { open in
            let requests = open.map { HTTPRequest(url: $0, headers: [Self.accept] + admission.headers) }
            let remaining = max(retries.remaining, .zero)
            return transport.perform(requests, within: .milliseconds(remaining.milliseconds))
                .map { Verdict<Page>($0, foreign: foreign) }
        }
        let unasked = Unanswered(.unreachable(message: "no page was asked"))
        return urls.map { PageReading(url: $0, end: ends[$0] ?? .failure(unasked)) }
    }

    /// What Prometheus asks for, so that series have the names they have there.
    private static let accept = HTTPHeader(
        "Accept",
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
            + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    )
}

/// One page and what became of it.
struct PageReading: Sendable, Equatable {
    var url: String
    var end: Result<Page, Unanswered>
}
