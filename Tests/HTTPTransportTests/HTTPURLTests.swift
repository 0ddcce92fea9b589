import HTTPTransport
import Testing

@Suite("An address")
struct HTTPURLTests {
    @Test("is taken apart")
    func parts() throws {
        let plain = try HTTPURL("http://Prometheus.example:9090/prom?x#y")
        #expect(plain.isEncrypted == false)
        #expect(plain.host == "prometheus.example")
        #expect(plain.port == 9_090)
        #expect(plain.rest == "/prom?x#y")
        let secure = try HTTPURL("HTTPS://[fe80::1]")
        #expect(secure.isEncrypted)
        #expect(secure.host == "fe80::1")
        #expect(secure.port == 443)
    }

    static let refused: [(String, HTTPURLError)] = [
        ("", .noScheme),
        ("127.0.0.1:9090", .noScheme),
        ("prometheus/api", .noScheme),
        ("file:///etc/passwd", .otherScheme),
        ("unix://run/x", .otherScheme),
        ("http://", .noHost),
        ("http:///path", .noHost),
        ("http://:9090/", .noHost),
        ("http://[]/", .noHost),
        ("http://[::1", .noHost),
        ("http://[::1]9090/", .badPort),
        ("http://host:/", .badPort),
        ("http://host:0/", .badPort),
        ("http://host:65536/", .badPort),
        ("http://host:+80/", .badPort),
        ("http://host:80:90/", .badPort),
        ("http://user:secret@host/", .userInformation),
        ("http://user@host/", .userInformation),
        ("http://host\\@evil/", .illegalCharacter),
        ("http://host/a b", .illegalCharacter),
        ("http://host/\r\nX: y", .illegalCharacter),
        ("http://hóst/", .illegalCharacter),
        ("http://ho%73t/", .noHost),
    ]

    @Test("is refused unless it is plainly http or https", arguments: refused)
    func refuses(text: String, error: HTTPURLError) {
        let thrown = #expect(throws: HTTPURLError.self) { try HTTPURL(text) }
        #expect(thrown == error)
        #expect(thrown?.description.contains("secret") == false)
    }

    @Test(
        "is loopback only by its very name",
        arguments: zip(
            [
                "http://localhost/", "http://127.0.0.1:80", "http://127.1.2.3", "https://[::1]:9090/x",
                "http://127.0.0.1.example", "http://localhost.example", "http://128.0.0.1",
                "http://127.0.0.1.1",
                "http://127.1", "http://10.0.0.127",
            ],
            [true, true, true, true, false, false, false, false, false, false]
        )
    )
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try HTTPURL(text).isLoopback == isLoopback)
    }
}
