import Rollout

/// The keys of a service's own pages.
enum ScrapeKey: String, AccessKey {
    case pages, timeout
    case username, passwordFile, passwordEnv, tokenFile, tokenEnv
    case headers, caFile, certificateFile, keyFile

    static let section = "'scrape'"
    static let synonyms = accessSynonyms.merging([
        "url": .pages, "urls": .pages, "page": .pages, "targets": .pages, "scrape_timeout": .timeout,
    ]) { $1 }
    static let secrets = accessSecrets
}

extension Value {
    /// Pages: one address, a list of them, or a mapping with both and how to be let in.
    func scrape(in folder: String, interval: Span?) -> ScrapeLocation? {
        switch content {
        case .text, .list:
            return pages().map { ScrapeLocation(pages: $0) }
        case .mapping, .empty, .broken:
            break
        }
        guard let fields = Fields(self, keys: ScrapeKey.self) else { return nil }
        let pages = fields.required(.pages) { $0.pages() }
        let timeout = fields.optional(.timeout, default: ScrapeLocation.defaultTimeout) {
            $0.timeout(interval: interval)
        }
        let access = access(fields, in: folder)
        guard let pages, let timeout, let headers = access.headers else { return nil }
        if access.credentials != nil { fields[.pages]?.warnOfCleartextPages(pages) }
        return ScrapeLocation(
            pages: pages,
            timeout: timeout,
            credentials: access.credentials,
            headers: headers,
            tls: access.tls
        )
    }

    /// The addresses of pages, each once: counts are added up over all of them.
    private func pages() -> [String]? {
        guard case .list = content else { return page().map { [$0] } }
        guard let items = items("page") else { return nil }
        var lines: [String: Int] = [:]
        let pages = items.compactMap { item -> String? in
            guard let page = item.page() else { return nil }
            let same = Self.comparable(page)
            if let line = lines[same] {
                let message = "this page stands in line \(line) already: its events would count twice"
                return item.fail("duplicate-page", message)
            }
            lines[same] = item.place.line
            return page
        }
        return pages.count == items.count ? pages : nil
    }

    private func page() -> String? {
        guard let url = serverURL(allowingQuery: true) else { return nil }
        if url.split(separator: "/", omittingEmptySubsequences: true).count < 3 {
            let base = url.hasSuffix("/") ? String(url.dropLast()) : url
            warn("page-without-path", "the address has no path", hint: "did you mean '\(base)/metrics'?")
        }
        return url
    }

    /// The address in one of the ways it can be written: scheme and host in small letters, the scheme's own port left
    /// out, this host by its number.
    private static func comparable(_ url: String) -> String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return url }
        let scheme = parts[0].lowercased()
        var host = parts[2].lowercased()
        let usualPort = scheme == "https:" ? ":443" : ":80"
        if host.hasSuffix(usualPort) { host.removeLast(usualPort.count) }
        if host == "localhost" || host.hasPrefix("localhost:") {
            host = "127.0.0.1" + host.dropFirst("localhost".count)
        }
        return "\(scheme)//\(host)/\(parts.dropFirst(3).joined())"
    }

    private func warnOfCleartextPages(_ pages: [String]) {
        guard case .list(let items) = content else {
            for page in pages { warnOfCleartext(page) }
            return
        }
        for (item, page) in zip(items, pages) { item.warnOfCleartext(page) }
    }
}
