import Rollout

extension MetricsLocation {
    /// Every field of the source, by its key from the top.
    var facts: [(String, String)] {
        switch self {
        case .prometheus(let location): location.facts.map { ("metrics.prometheus.\($0)", $1) }
        case .scrape(let location): location.facts.map { ("metrics.scrape.\($0)", $1) }
        }
    }
}

extension ScrapeLocation {
    fileprivate var facts: [(String, String)] {
        [
            ("pages", pages.joined(separator: ", ")),
            ("timeout", "\(timeout)"),
            ("credentials", credentials?.words ?? "none"),
            ("headers", headers.isEmpty ? "none" : headers.map(\.words).joined(separator: ", ")),
            ("caFile", tls.caFile ?? "none"),
            ("certificateFile", tls.certificateFile ?? "none"),
            ("keyFile", tls.keyFile ?? "none"),
        ]
    }
}

extension PrometheusLocation {
    fileprivate var facts: [(String, String)] {
        [
            ("url", url),
            ("lag", "\(lag)"),
            ("staleAfter", "\(staleAfter)"),
            ("timeout", "\(timeout)"),
            ("seriesLimit", "\(seriesLimit)"),
            ("credentials", credentials?.words ?? "none"),
            ("headers", headers.isEmpty ? "none" : headers.map(\.words).joined(separator: ", ")),
            ("caFile", tls.caFile ?? "none"),
            ("certificateFile", tls.certificateFile ?? "none"),
            ("keyFile", tls.keyFile ?? "none"),
        ]
    }
}

extension Credentials {
    fileprivate var words: String {
        switch self {
        case .basic(let user, let password): "user '\(user)' with a password from \(password.words)"
        case .bearer(let token): "a token from \(token.words)"
        }
    }
}

extension SecretPlace {
    fileprivate var words: String {
        switch self {
        case .file(let path): path
        case .environment(let name): "the variable \(name)"
        }
    }
}

extension HeaderSetting {
    fileprivate var words: String {
        switch value {
        case .text(let text): "\(name): '\(text)'"
        case .file(let path): "\(name) from \(path)"
        }
    }
}
