import HTTPTransport
import Testing

@Suite("A transport failure")
struct TransportFailureTests {
    typealias Code = TransportFailure.Code

    /// libcurl's code, what it means here, whether asking again may help, whether surely nothing was sent.
    static let meanings: [(Int, Code, Bool, Bool)] = [
        (1, .invalidRequest, false, true),
        (3, .invalidRequest, false, true),
        (5, .nameNotResolved, true, true),
        (6, .nameNotResolved, true, true),
        (7, .notConnected, true, true),
        (16, .interrupted, true, false),
        (18, .interrupted, true, false),
        (22, .other, false, false),
        (23, .tooLarge, false, false),
        (28, .timedOut, true, false),
        (35, .tlsHandshake, false, false),
        (42, .other, false, false),
        (47, .other, false, false),
        (52, .interrupted, true, false),
        (55, .interrupted, true, false),
        (56, .interrupted, true, false),
        (58, .invalidTLSSettings, false, true),
        (60, .untrustedServer, false, true),
        (61, .undecodable, false, false),
        (63, .tooLarge, false, false),
        (77, .invalidTLSSettings, false, true),
        (92, .interrupted, true, false),
        (9_999, .other, false, false),
    ]

    @Test("has one meaning for each code of libcurl", arguments: meanings)
    func meaning(curlCode: Int, code: Code, isRetryable: Bool, nothingWasSent: Bool) {
        let failure = TransportFailure(curlCode: curlCode, detail: "")
        #expect(failure.code == code)
        #expect(failure.isRetryable == isRetryable)
        #expect(failure.nothingWasSent == nothingWasSent)
        #expect(!failure.message.isEmpty)
    }

    @Test("shows libcurl's own words, on one line and not without end")
    func detail() {
        let failure = TransportFailure(curlCode: 7, detail: "Failed\u{1b}[31m to\nconnect")
        #expect(failure.message == "could not connect: Failed[31m toconnect")
        let long = TransportFailure(curlCode: 7, detail: String(repeating: "x", count: 5_000))
        #expect(long.message.utf8.count < 400)
    }
}
