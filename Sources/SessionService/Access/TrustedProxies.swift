/// Where a request comes from, as far as that can be known.
package struct RequestSource: Sendable, Hashable {
    /// What limits of an address are kept by.
    package var key: String
    /// Whether the client itself used HTTPS.
    package var isSecure = false

    package init(key: String, isSecure: Bool = false) {
        self.key = key
        self.isSecure = isSecure
    }
}

/// The proxies in front of the service, whose word about clients is taken.
package struct TrustedProxies: Sendable {
    private let ranges: [AddressRange]

    package init(_ ranges: [AddressRange]) {
        self.ranges = ranges
    }

    /// Where a request comes from.
    ///
    /// Each proxy adds the address it was asked from at the right end of `X-Forwarded-For`, and anybody may write
    /// what is left of that. So addresses are believed from the right, for as long as they are trusted proxies.
    ///
    /// - Parameters:
    ///   - peer: The other end of the connection, without its port; nil where it has no address.
    ///   - forwardedFor: The values of `X-Forwarded-For` in the order they came, joined by commas.
    ///   - forwardedProto: What `X-Forwarded-Proto` says.
    /// - Returns: The first address from the right that is no trusted proxy; the last known where there is none.
    package func source(peer: String?, forwardedFor: String?, forwardedProto: String?) -> RequestSource {
        guard let peer, var address = NetworkAddress(peer) else { return RequestSource(key: "unknown") }
        guard isTrusted(address) else { return RequestSource(key: address.key) }
        let hops = (forwardedFor ?? "").split(separator: ",").reversed()
        for hop in hops {
            guard isTrusted(address), let before = NetworkAddress(withPort: Self.trimmed(hop)) else { break }
            address = before
        }
        let scheme = (forwardedProto ?? "").split(separator: ",").last.map(Self.trimmed)
        return RequestSource(key: address.key, isSecure: scheme?.lowercased() == "https")
    }

    private func isTrusted(_ address: NetworkAddress) -> Bool { ranges.contains { $0.contains(address) } }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return start.prefix { $0 != " " && $0 != "\t" }
    }
}
