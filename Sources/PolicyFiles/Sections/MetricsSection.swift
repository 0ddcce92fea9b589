import Rollout

/// The keys that say where measurements come from.
enum MetricsKey: String, SectionKey {
    case prometheus

    static let section = "'metrics'"
    static let later = ["scrape"]
    static let synonyms: [String: MetricsKey] = [
        "victoriametrics": .prometheus, "thanos": .prometheus, "mimir": .prometheus,
    ]
}

/// The keys of a Prometheus server.
enum PrometheusKey: String, SectionKey {
    case url, lag, staleAfter, timeout, seriesLimit
    case username, passwordFile, passwordEnv, tokenFile, tokenEnv
    case headers, caFile, certificateFile, keyFile

    static let section = "'prometheus'"
    static let synonyms: [String: PrometheusKey] = [
        "address": .url, "server": .url, "user": .username, "certFile": .certificateFile,
        "cert": .certificateFile,
        "bearerTokenFile": .tokenFile, "ca": .caFile,
    ]
    static let secrets: [String: String] = [
        "password":
            "put it into a file and write 'passwordFile', or into the environment and write 'passwordEnv'",
        "token": "put it into a file and write 'tokenFile', or into the environment and write 'tokenEnv'",
        "bearerToken":
            "put it into a file and write 'tokenFile', or into the environment and write 'tokenEnv'",
        "authorization": "use 'tokenFile', 'tokenEnv', or 'username' with 'passwordFile'",
        "key": "put it into a file and write 'keyFile'",
    ]
}

extension Value {
    func metricsLocation(in folder: String, interval: Span?) -> MetricsLocation? {
        guard let fields = Fields(self, keys: MetricsKey.self) else { return nil }
        return fields.required(.prometheus) { $0.prometheus(in: folder, interval: interval) }
            .map { .prometheus($0) }
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
        let credentials = credentials(fields, in: folder)
        let headers = fields.optional(.headers, default: []) { $0.headers(in: folder) }
        let tls = tlsFiles(fields, in: folder)
        guard let url, let lag, let staleAfter, let timeout, let seriesLimit, let headers else { return nil }
        if credentials != nil, Self.isOpenToOthers(url) {
            let message = "the password or token is sent unencrypted"
            fields[.url]?.warn("cleartext-credentials", message, hint: "use an 'https://' address")
        }
        return PrometheusLocation(
            url: url,
            lag: lag,
            staleAfter: staleAfter,
            timeout: timeout,
            credentials: credentials,
            headers: headers,
            tls: tls,
            seriesLimit: seriesLimit
        )
    }

    private func timeout(interval: Span?) -> Span? {
        guard let timeout = span(atLeast: .milliseconds(100)) else { return nil }
        if let interval, timeout > interval {
            warn("long-timeout", "a tick may wait \(timeout) for metrics, but the interval is \(interval)")
        }
        return timeout
    }

    private func tlsFiles(_ fields: Fields<PrometheusKey>, in folder: String) -> TLSFiles {
        let files = TLSFiles(
            caFile: fields.optional(.caFile) { $0.filePath(in: folder) },
            certificateFile: fields.optional(.certificateFile) { $0.filePath(in: folder) },
            keyFile: fields.optional(.keyFile) { $0.filePath(in: folder) }
        )
        if let key = fields[.keyFile], fields[.certificateFile] == nil {
            findings.error("incomplete-tls", "'keyFile' needs 'certificateFile' beside it", at: key.place)
        }
        return files
    }
}
