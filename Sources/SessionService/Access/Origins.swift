/// Which web pages may use the API.
///
/// Pages of the service itself may; other origins only where they are listed.
package struct Origins: Sendable {
    /// What a request's origin is to the service.
    package enum Relation: Sendable, Hashable {
        /// No page, or one of the service's own.
        case own
        /// Another origin's page that is listed, and which.
        case listed(String)
        case foreign
    }

    private let listed: Set<String>

    package init(_ listed: [String]) {
        self.listed = Set(listed.map { $0.lowercased() })
    }

    /// Whether answers differ by origin.
    package var isListing: Bool { !listed.isEmpty }

    /// Whether a text is an origin as browsers write it: `https://example.org`, `http://localhost:8080`.
    package static func isOrigin(_ text: String) -> Bool {
        guard let (_, authority) = parts(of: text) else { return false }
        let host = authority.prefix { $0 != ":" }
        let port = authority.dropFirst(host.count)
        return HostNames.isName(String(host)) && (port.isEmpty || UInt16(port.dropFirst()) != nil)
    }

    /// What a request's origin is to the service.
    ///
    /// - Parameters:
    ///   - origin: What the `Origin` header says; browsers send it with everything but plain reading.
    ///   - authority: The `Host` the request is for.
    ///   - fetchSite: What `Sec-Fetch-Site` says; no page can write that, and proxies leave it as it is.
    /// - Returns: What follows from them; a listed origin in lower case.
    package func relation(of origin: String?, to authority: String?, fetchSite: String?) -> Relation {
        guard let origin = origin?.lowercased(), fetchSite != "same-origin" else { return .own }
        if listed.contains(origin) { return .listed(origin) }
        guard let authority, let (scheme, host) = Self.parts(of: origin) else { return .foreign }
        let port = scheme == "https" ? ":443" : ":80"
        return Self.without(port, host) == Self.without(port, authority.lowercased()[...]) ? .own : .foreign
    }

    private static func parts(of origin: String) -> (scheme: String, authority: Substring)? {
        for scheme in ["http", "https"] where origin.hasPrefix("\(scheme)://") {
            return (scheme, origin.dropFirst(scheme.count + 3))
        }
        return nil
    }

    private static func without(_ port: String, _ authority: Substring) -> Substring {
        authority.hasSuffix(port) ? authority.dropLast(port.count) : authority
    }
}
