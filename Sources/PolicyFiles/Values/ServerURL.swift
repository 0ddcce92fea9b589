extension Value {
    /// The address of a metrics server: http or https, a host, perhaps a port and a path, and no secret.
    ///
    /// A page may have a query that says in which form it is wanted, as in `?format=prometheus`.
    func serverURL(allowingQuery: Bool = false) -> String? {
        guard let text = line("an address such as 'http://127.0.0.1:9090'") else { return nil }
        let scheme = text.prefix { $0 != ":" }.lowercased()
        let afterScheme = text.dropFirst(scheme.count)
        guard afterScheme.hasPrefix("://"), scheme == "http" || scheme == "https" else {
            return fail(
                "bad-url",
                "the address must begin with 'http://' or 'https://'",
                hint: schemeHint(for: text)
            )
        }
        let rest = afterScheme.dropFirst(3)
        let authority = rest.prefix { !"/?#".contains($0) }
        if authority.contains("@") {
            let hint = "use 'username' with 'passwordFile' or 'passwordEnv'"
            return fail("secret-in-plain-text", "the address contains a user or a password", hint: hint)
        }
        if rest.contains("#") || (rest.contains("?") && !(allowingQuery && Self.isInnocent(query: rest))) {
            let hint = "put a token into 'tokenFile' or 'tokenEnv', a tenant into 'headers'"
            return fail(
                "secret-in-plain-text",
                "the address has a query, where secrets would be kept in plain text",
                hint: hint
            )
        }
        guard Self.isAuthority(authority), rest.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
            return fail("bad-url", "the address has no valid host and port")
        }
        return text
    }

    /// Whether no parameter of the address sounds like a secret.
    private static func isInnocent(query address: Substring) -> Bool {
        let words = ["auth", "token", "secret", "pass", "key", "credential", "sig", "session"]
        return address.drop { $0 != "?" }.dropFirst().split(separator: "&")
            .map { $0.prefix { $0 != "=" }.lowercased() }
            .allSatisfy { name in !words.contains { name.contains($0) } }
    }

    private func schemeHint(for text: String) -> String? {
        // What follows '@' or '?' is not repeated: it may hold a secret.
        text.contains("://") || text.contains("@") || text.contains("?")
            ? nil : "did you mean 'http://\(text)'?"
    }

    /// A host in ASCII, or an IPv6 address in brackets, and perhaps a port.
    private static func isAuthority(_ text: Substring) -> Bool {
        var host = text
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else { return false }
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.count > 2
                && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        return !host.isEmpty
            && host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
    }

    /// Whether requests to this address leave the machine unencrypted.
    static func isOpenToOthers(_ url: String) -> Bool {
        let lower = url.lowercased()
        guard lower.hasPrefix("http://") else { return false }
        let host = lower.dropFirst(7).prefix { !"/:".contains($0) }
        return !(host == "localhost" || host.hasPrefix("127.") || lower.hasPrefix("http://[::1]"))
    }
}
