import SessionService
import Testing

@Suite("Names and origins of a service")
struct HostAndOriginTests {
    @Test("a host is an address, localhost, or a listed name")
    func hosts() {
        let hosts = HostNames(["Sessions.example.org"])
        let own = [
            "127.0.0.1", "127.0.0.1:8080", "[::1]:80", "[::1]", "localhost:1", "LOCALHOST", "localhost.",
            "sessions.example.org:443", "192.0.2.7",
        ]
        for host in own { #expect(hosts.allow(host), "\(host)") }
        let others = [
            "example.org", "evil.sessions.example.org", "127.0.0.1.evil.org", "localhost.evil.org", "[::1",
            "[evil]", "localhost:80:80", "localhost:x", "", "::1.evil", "127.0.0.1@evil.org",
        ]
        for host in others { #expect(!hosts.allow(host), "\(host)") }
    }

    @Test("an origin is the service's own where it names the request's host")
    func own() {
        let origins = Origins([])
        func relation(_ origin: String?, _ host: String?, _ site: String? = nil) -> Origins.Relation {
            origins.relation(of: origin, to: host, fetchSite: site)
        }
        #expect(relation(nil, "a") == .own)
        #expect(relation("http://a:8080", "a:8080") == .own)
        #expect(relation("https://A", "a:443") == .own)
        #expect(relation("http://a:80", "a") == .own)
        #expect(relation("https://public.example", "internal:8080", "same-origin") == .own)
        #expect(relation("http://a:8081", "a:8080") == .foreign)
        #expect(relation("http://a:443", "a") == .foreign)
        #expect(relation("null", "null") == .foreign)
        #expect(relation("http://b", "a", "cross-site") == .foreign)
        #expect(relation("http://a", nil) == .foreign)
    }

    @Test("an origin is listed only when it is written the same")
    func listed() {
        let origins = Origins(["https://example.org"])
        func relation(_ origin: String) -> Origins.Relation {
            origins.relation(of: origin, to: "localhost", fetchSite: "cross-site")
        }
        #expect(relation("https://example.org") == .listed("https://example.org"))
        for origin in [
            "http://example.org", "https://example.org.evil", "https://example.org:444", "https://x",
        ] {
            #expect(relation(origin) == .foreign, "\(origin)")
        }
        for text in [
            "*", "null", "example.org", "https://", "https://a/", "https://a b", "https://a:x", "ftp://a",
        ] {
            #expect(!Origins.isOrigin(text), "\(text)")
        }
        #expect(Origins.isOrigin("http://localhost:8080"))
    }
}
