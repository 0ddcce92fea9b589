/// Why there is no answer.
package struct TransportFailure: Error, Sendable, Equatable {
    package var code: Code
    /// For people: what happened, without secrets and without control characters.
    package var message: String

    package init(_ code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// Kinds of failure, as far as somebody may act differently on them.
    package enum Code: String, Sendable, Equatable, CaseIterable {
        /// The request itself was refused before anything was sent.
        case invalidRequest
        /// A certificate or key of ours cannot be used.
        case invalidTLSSettings
        /// A name has no address.
        case nameNotResolved
        /// Nobody listens, or no route.
        case notConnected
        /// The time was up.
        case timedOut
        /// No secure connection could be agreed on.
        case tlsHandshake
        /// The server's certificate is not trusted, or is another host's.
        case untrustedServer
        /// The connection broke, or the answer ended early.
        case interrupted
        /// The answer is larger than allowed.
        case tooLarge
        /// The answer cannot be decoded.
        case undecodable
        /// Anything else.
        case other
    }

    /// Whether asking again may help; for requests that may be repeated safely.
    package var isRetryable: Bool {
        switch code {
        case .nameNotResolved, .notConnected, .timedOut, .interrupted: true
        case .invalidRequest, .invalidTLSSettings, .tlsHandshake, .untrustedServer, .tooLarge, .undecodable,
            .other:
            false
        }
    }

    /// Whether the request certainly never reached a server, so that even a write may be repeated.
    package var nothingWasSent: Bool {
        switch code {
        case .invalidRequest, .invalidTLSSettings, .nameNotResolved, .notConnected, .untrustedServer: true
        case .timedOut, .tlsHandshake, .interrupted, .tooLarge, .undecodable, .other: false
        }
    }
}
