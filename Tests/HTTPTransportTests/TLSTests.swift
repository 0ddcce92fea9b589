import HTTPTransport
import Testing
import TidegateTestKit

@Suite("A transport over TLS")
struct TLSTests {
    private let certificates: Certificates

    init() throws { certificates = try Certificates.shared.get() }

    private func nginx(_ configuration: String = "") throws -> NginxServer {
        try NginxServer.start(
            """
            listen 127.0.0.1:$PORT ssl; ssl_certificate $DIR/server.pem; ssl_certificate_key $DIR/server.key;
            \(configuration)
            location / { return 200 '$ssl_client_s_dn'; }
            """,
            files: [
                "server.pem": certificates.server.certificate, "server.key": certificates.server.key,
                "authority.pem": certificates.authority, "other.pem": certificates.otherAuthority,
                "client.pem": certificates.client.certificate, "client.key": certificates.client.key,
                "broken.pem": "not a certificate",
            ]
        )
    }

    private func get(
        _ server: NginxServer,
        host: String = "127.0.0.1",
        _ tls: TLSSettings
    ) -> Result<HTTPResponse, TransportFailure> {
        let request = HTTPRequest(url: "https://\(host):\(server.port)/")
        return HTTPTransport(TransportSettings(tls: tls)).perform([request], within: .seconds(30))[0]
    }

    @Test("trusts the authority it is given, as a file or as bytes")
    func trusted() throws {
        try nginx().use { server in
            let file = TLSSettings(authorities: .file(path: "\(server.program.directory)/authority.pem"))
            let bytes = TLSSettings(authorities: .bytes(Array(certificates.authority.utf8)))
            let statuses = try [get(server, file).get().status, get(server, bytes).get().status]
            #expect(statuses == [200, 200])
        }
    }

    @Test("trusts nobody else: another authority, the system's, another name")
    func untrusted() throws {
        try nginx().use { server in
            let other = TLSSettings(authorities: .bytes(Array(certificates.otherAuthority.utf8)))
            let right = TLSSettings(authorities: .bytes(Array(certificates.authority.utf8)))
            let results = [
                get(server, other), get(server, TLSSettings()), get(server, host: "localhost", right),
            ]
            for result in results {
                let failure = #expect(throws: TransportFailure.self) { try result.get() }
                #expect(failure?.code == .untrustedServer)
            }
        }
    }

    @Test("shows a client certificate, as files or as bytes")
    func clientCertificate() throws {
        try nginx("ssl_client_certificate $DIR/authority.pem; ssl_verify_client on;").use { server in
            let directory = server.program.directory
            let files = TLSSettings(
                authorities: .file(path: "\(directory)/authority.pem"),
                certificate: .file(path: "\(directory)/client.pem"),
                key: .file(path: "\(directory)/client.key")
            )
            let bytes = TLSSettings(
                authorities: .bytes(Array(certificates.authority.utf8)),
                certificate: .bytes(Array(certificates.client.certificate.utf8)),
                key: .bytes(Array(certificates.client.key.utf8))
            )
            for tls in [files, bytes] {
                let body = try get(server, tls).get().body
                #expect(String(decoding: body, as: UTF8.self) == "CN=client")
            }
            let without = TLSSettings(authorities: .file(path: "\(directory)/authority.pem"))
            let status = try get(server, without).get().status
            #expect(status == 400)
        }
    }

    @Test("says which of its own files cannot be used")
    func brokenFiles() throws {
        try nginx().use { server in
            let broken = PEM.file(path: "\(server.program.directory)/broken.pem")
            let missing = PEM.file(path: "\(server.program.directory)/missing.pem")
            for pem in [broken, missing] {
                let authorities = #expect(throws: TransportFailure.self) {
                    try get(server, TLSSettings(authorities: pem)).get()
                }
                #expect(authorities?.code == .invalidTLSSettings)
                let certificate = #expect(throws: TransportFailure.self) {
                    try get(server, TLSSettings(certificate: pem, key: pem)).get()
                }
                #expect(certificate?.code == .invalidTLSSettings)
            }
        }
    }

    @Test("speaks nothing older than TLS 1.2")
    func oldProtocols() throws {
        try nginx("ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;").use { server in
            let tls = TLSSettings(authorities: .bytes(Array(certificates.authority.utf8)))
            let failure = #expect(throws: TransportFailure.self) { try get(server, tls).get() }
            #expect(failure?.code == .tlsHandshake)
        }
    }

    @Test("says so when the server speaks plain HTTP")
    func plainServer() throws {
        try NginxServer.start("location / { return 200; }").use { server in
            let failure = #expect(throws: TransportFailure.self) { try get(server, TLSSettings()).get() }
            #expect(failure?.code == .tlsHandshake)
        }
    }
}
