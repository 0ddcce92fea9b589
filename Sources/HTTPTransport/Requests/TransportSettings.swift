/// How requests are carried, the same for all of one transport.
package struct TransportSettings: Sendable, Equatable {
    package var tls: TLSSettings
    package var connectTimeout: Duration
    /// The largest answer taken, counted after decompression.
    package var maximumBodyBytes: Int
    /// The most bytes of response headers taken, over all of one exchange.
    package var maximumHeaderBytes: Int
    package var userAgent: String
    /// Asks for gzip: fewer bytes, for time at both ends.
    package var acceptsCompression: Bool

    package init(
        tls: TLSSettings = TLSSettings(),
        connectTimeout: Duration = .seconds(3),
        maximumBodyBytes: Int = 16 * 1_024 * 1_024,
        maximumHeaderBytes: Int = 64 * 1_024,
        userAgent: String = "tidegate",
        acceptsCompression: Bool = true
    ) {
        self.tls = tls
        self.connectTimeout = connectTimeout
        self.maximumBodyBytes = maximumBodyBytes
        self.maximumHeaderBytes = maximumHeaderBytes
        self.userAgent = userAgent
        self.acceptsCompression = acceptsCompression
    }
}

/// Whom to trust and who to be; at least TLS 1.2, and certificates are always checked.
package struct TLSSettings: Sendable, Equatable {
    /// Replaces the system's certificate authorities; nil keeps them.
    package var authorities: PEM?
    package var certificate: PEM?
    package var key: PEM?

    package init(authorities: PEM? = nil, certificate: PEM? = nil, key: PEM? = nil) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
    }
}

/// Certificates or a key in PEM, and where they are.
package enum PEM: Sendable, Equatable {
    case file(path: String)
    case bytes([UInt8])
}
