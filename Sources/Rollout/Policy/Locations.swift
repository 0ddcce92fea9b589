package import Assignment

/// Where the rollout's state and its ledger live.
package enum StoreLocation: Sendable, Hashable, Codable {
    /// One SQLite database on a local file system.
    case sqlite(path: String)
}

/// Where measurements come from.
package enum MetricsLocation: Sendable, Equatable, Codable {
    case prometheus(PrometheusLocation)
    /// The pages of the service itself, without a metrics server.
    case scrape(ScrapeLocation)

    /// How far behind the clock evidence is cut, so that the newest samples have arrived.
    package var lag: Span {
        switch self {
        case .prometheus(let location): location.lag
        // A page shows what is now.
        case .scrape: .zero
        }
    }

    /// How long a tick may wait for all its answers.
    package var timeout: Span {
        switch self {
        case .prometheus(let location): location.timeout
        case .scrape(let location): location.timeout
        }
    }

    /// How old the newest sample may be, at the moment asked about, before the answer counts as stale.
    package var staleAfter: Span {
        switch self {
        case .prometheus(let location): location.staleAfter
        case .scrape: PrometheusLocation.defaultStaleAfter
        }
    }
}

/// Pages in the Prometheus text format, and how to be let in.
package struct ScrapeLocation: Sendable, Equatable, Codable {
    /// One for each instance of the service; http or https.
    ///
    /// At least one; counts are added up over all of them.
    package var pages: [String]
    /// The whole tick's time for all pages, retries included.
    package var timeout: Span
    package var credentials: Credentials?
    package var headers: [HeaderSetting]
    package var tls: TLSFiles

    package static let defaultTimeout = Span.seconds(10)

    package init(
        pages: [String],
        timeout: Span = ScrapeLocation.defaultTimeout,
        credentials: Credentials? = nil,
        headers: [HeaderSetting] = [],
        tls: TLSFiles = TLSFiles()
    ) {
        self.pages = pages
        self.timeout = timeout
        self.credentials = credentials
        self.headers = headers
        self.tls = tls
    }
}

/// A server that speaks the Prometheus HTTP API, and how to be let in.
package struct PrometheusLocation: Sendable, Equatable, Codable {
    /// http or https, without user and password; may carry a path prefix.
    package var url: String
    package var lag: Span
    package var staleAfter: Span
    /// The whole tick's time for metrics, retries included.
    package var timeout: Span
    package var credentials: Credentials?
    package var headers: [HeaderSetting]
    package var tls: TLSFiles
    /// Above this many series in one selector, counts come from `increase()` instead of raw samples.
    package var seriesLimit: Int

    package static let defaultLag = Span.seconds(15)
    package static let defaultStaleAfter = Span.minutes(2)
    package static let defaultTimeout = Span.seconds(10)
    package static let defaultSeriesLimit = 500

    package init(
        url: String,
        lag: Span = PrometheusLocation.defaultLag,
        staleAfter: Span = PrometheusLocation.defaultStaleAfter,
        timeout: Span = PrometheusLocation.defaultTimeout,
        credentials: Credentials? = nil,
        headers: [HeaderSetting] = [],
        tls: TLSFiles = TLSFiles(),
        seriesLimit: Int = PrometheusLocation.defaultSeriesLimit
    ) {
        self.url = url
        self.lag = lag
        self.staleAfter = staleAfter
        self.timeout = timeout
        self.credentials = credentials
        self.headers = headers
        self.tls = tls
        self.seriesLimit = seriesLimit
    }
}

/// How to be let in; the secret itself stays where it is until a request needs it.
package enum Credentials: Sendable, Equatable, Codable {
    case basic(user: String, password: SecretPlace)
    case bearer(token: SecretPlace)
}

/// Where a secret is read from, anew for every tick; never the secret itself.
package enum SecretPlace: Sendable, Equatable, Codable {
    case file(path: String)
    case environment(name: String)
}

/// One more header for every request, such as a tenant.
package struct HeaderSetting: Sendable, Equatable, Codable {
    package var name: String
    package var value: HeaderValue

    package init(name: String, value: HeaderValue) {
        self.name = name
        self.value = value
    }
}

/// A header's value: in the policy where it is no secret, else in a file.
package enum HeaderValue: Sendable, Equatable, Codable {
    case text(String)
    case file(path: String)
}

/// PEM files for TLS; all optional.
package struct TLSFiles: Sendable, Equatable, Codable {
    /// Replaces the system's certificate authorities.
    package var caFile: String?
    package var certificateFile: String?
    package var keyFile: String?

    package init(caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

/// A place where the allocation is published.
package enum TargetLocation: Sendable, Hashable, Codable {
    case file(path: String, format: FileFormat, settle: Span)

    package static let defaultFileSettle = Span.seconds(30)

    /// How long readers need to pick up a change.
    package var settle: Span {
        switch self {
        case .file(_, _, let settle): settle
        }
    }

    /// Names the place in reports and in the state: `file:/var/lib/app/flags.json`.
    package var identity: String {
        switch self {
        case .file(let path, _, _): "file:\(path)"
        }
    }
}

/// How a flag file is written.
package enum FileFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// `{"sse": {"enabled": true, "rollout": {"percentage": 10, …}}}`
    case json
    /// `SSE_ENABLED=true` and its sisters, a line each.
    case env
    /// A flag definition of flagd whose `fractional` gives every client the variant that `Assigner` gives it.
    case flagd
    /// A flag definition of flagd that asks the context for the client's bucket, and hashes nothing itself.
    case flagdBucket = "flagd-bucket"
    /// A feature as Unleash's client API gives it, with a gradual rollout.
    case unleash
}

extension FileFormat {
    /// The algorithms whose buckets a reader of this format computes or is told.
    package var algorithms: [HashAlgorithm] {
        switch self {
        case .json, .env, .flagdBucket: HashAlgorithm.allCases
        case .flagd: [.flagdV2, .flagdV3]
        case .unleash: [.unleash]
        }
    }

    /// Whether what is published calls the variants by their names.
    package var namesVariants: Bool {
        switch self {
        case .flagd, .flagdBucket: true
        case .json, .env, .unleash: false
        }
    }
}

extension TargetLocation {
    /// Whether a document written for one location is read and lowered as such at the other: all but its settle
    /// time is the same.
    package func isWritten(like other: TargetLocation) -> Bool {
        switch (self, other) {
        case (.file(let path, let format, _), .file(let otherPath, let otherFormat, _)):
            path == otherPath && format == otherFormat
        }
    }

    /// See ``FileFormat/namesVariants``.
    package var namesVariants: Bool {
        switch self {
        case .file(_, let format, _): format.namesVariants
        }
    }
}
