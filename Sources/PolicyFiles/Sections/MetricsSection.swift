import Rollout

/// The keys that say where measurements come from.
enum MetricsKey: String, SectionKey {
    case prometheus, scrape

    static let section = "'metrics'"
    static let synonyms: [String: MetricsKey] = [
        "victoriametrics": .prometheus, "thanos": .prometheus, "mimir": .prometheus,
        "page": .scrape, "pages": .scrape,
    ]
}

/// The keys of a Prometheus server.
enum PrometheusKey: String, AccessKey {
    case url, lag, staleAfter, timeout, seriesLimit
    case username, passwordFile, passwordEnv, tokenFile, tokenEnv
    case headers, caFile, certificateFile, keyFile

    static let section = "'prometheus'"
    static let synonyms = accessSynonyms.merging(["address": .url, "server": .url]) { $1 }
    static let secrets = accessSecrets
}

extension Value {
    func metricsLocation(in folder: String, interval: Span?) -> MetricsLocation? {
        guard let fields = Fields(self, keys: MetricsKey.self) else { return nil }
        guard let source = fields.exactlyOne(of: .prometheus, .scrape) else { return nil }
        return switch source.key {
        case .prometheus: source.value.prometheus(in: folder, interval: interval).map { .prometheus($0) }
        case .scrape: source.value.scrape(in: folder, interval: interval).map { .scrape($0) }
        }
    }

    /// Whether measurements come from pages, as far as that can be told from a section with mistakes in it.
    var isScraping: Bool {
        guard case .mapping(let entries) = content else { return false }
        return entries.map(\.key).contains(MetricsKey.scrape.rawValue)
    }

    private func prometheus(in folder: String, interval: Span?) -> PrometheusLocation? {
        guard let fields = Fields(self, keys: PrometheusKey.self) else { return nil }
        let url = fields.required(.url) { $0.serverURL() }
        let lag = fields.optional(.lag, default: PrometheusLocation.defaultLag) { $0.span() }
        let staleAfter = fields.optional(.staleAfter, default: PrometheusLocation.defaultStaleAfter) {
            $0.span(atLeast: .seconds(1))
        }
        let timeout = fields.optional(.timeout, default: PrometheusLocation.defaultTimeout) {
            $0.timeout(interval: interval)
        }
        let seriesLimit = fields.optional(.seriesLimit, default: PrometheusLocation.defaultSeriesLimit) {
            $0.count(atLeast: 1)
        }
        let access = access(fields, in: folder)
        guard let url, let lag, let staleAfter, let timeout, let seriesLimit, let headers = access.headers
        else {
            return nil
        }
        if access.credentials != nil { fields[.url]?.warnOfCleartext(url) }
        return PrometheusLocation(
            url: url,
            lag: lag,
            staleAfter: staleAfter,
            timeout: timeout,
            credentials: access.credentials,
            headers: headers,
            tls: access.tls,
            seriesLimit: seriesLimit
        )
    }

    /// How long a tick may wait for metrics.
    func timeout(interval: Span?) -> Span? {
        guard let timeout = span(atLeast: .milliseconds(100)) else { return nil }
        if let interval, timeout > interval {
            warn("long-timeout", "a tick may wait \(timeout) for metrics, but the interval is \(interval)")
        }
        return timeout
    }
}
