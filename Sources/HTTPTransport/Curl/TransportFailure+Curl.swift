extension TransportFailure {
    /// What a code of libcurl means.
    ///
    /// - Parameters:
    ///   - curlCode: A `CURLcode` other than 0.
    ///   - detail: libcurl's own words for this very case; may be empty.
    package init(curlCode: Int, detail: String) {
        let (code, words) = Self.meaning(ofCurlCode: curlCode)
        let printable = String(String.UnicodeScalarView(detail.unicodeScalars.filter { $0.value >= 0x20 }))
        self.init(code, message: printable.isEmpty ? words : "\(words): \(printable.prefix(300))")
    }

    private static func meaning(ofCurlCode code: Int) -> (Code, String) {
        switch code {
        case 1: (.invalidRequest, "the address has a scheme that is not allowed")
        case 3: (.invalidRequest, "the address is malformed")
        case 5: (.nameNotResolved, "the proxy's name has no address")
        case 6: (.nameNotResolved, "the host's name has no address")
        case 7: (.notConnected, "could not connect")
        case 16, 92: (.interrupted, "the HTTP/2 connection broke")
        case 18: (.interrupted, "the answer ended before it was complete")
        case 23: (.tooLarge, "the answer could not be taken in")
        case 28: (.timedOut, "no answer in time")
        case 35: (.tlsHandshake, "no secure connection could be agreed on")
        case 42: (.other, "the transfer was cancelled")
        case 47: (.other, "the server redirected too often")
        case 52: (.interrupted, "the server closed the connection without an answer")
        case 55: (.interrupted, "the connection broke while sending")
        case 56: (.interrupted, "the connection broke while receiving")
        case 58: (.invalidTLSSettings, "the client certificate or its key cannot be used")
        case 60: (.untrustedServer, "the server's certificate is not trusted")
        case 61: (.undecodable, "the answer is compressed in a way that cannot be undone")
        case 63: (.tooLarge, "the answer is too large")
        case 77: (.invalidTLSSettings, "the certificate authorities cannot be used")
        default: (.other, "the transfer failed (libcurl code \(code))")
        }
    }
}
