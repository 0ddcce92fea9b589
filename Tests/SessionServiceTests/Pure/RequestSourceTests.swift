import SessionService
import Testing

@Suite("Where a request comes from")
struct RequestSourceTests {
    private func key(_ peer: String?, _ forwarded: String?, trusting ranges: String...) -> String {
        TrustedProxies(ranges.compactMap { AddressRange($0) })
            .source(peer: peer, forwardedFor: forwarded, forwardedProto: nil).key
    }

    @Test("is the peer where no proxy is trusted, whatever the request says")
    func ignoresWords() {
        #expect(key("192.0.2.1", "10.9.9.9") == "192.0.2.1")
        #expect(key("192.0.2.1", "10.9.9.9", trusting: "127.0.0.1") == "192.0.2.1")
        #expect(key(nil, "10.9.9.9", trusting: "127.0.0.1") == "unknown")
    }

    @Test("is read from the right, through trusted proxies only")
    func readsFromRight() {
        #expect(key("127.0.0.1", "6.6.6.6, 192.0.2.1", trusting: "127.0.0.1") == "192.0.2.1")
        #expect(
            key("127.0.0.1", "6.6.6.6, 192.0.2.1, 10.0.0.3", trusting: "127.0.0.1", "10.0.0.0/8")
                == "192.0.2.1"
        )
        #expect(key("127.0.0.1", "10.0.0.1,10.0.0.2", trusting: "127.0.0.1", "10.0.0.0/8") == "10.0.0.1")
        #expect(key("127.0.0.1", "", trusting: "127.0.0.1") == "127.0.0.1")
        #expect(key("127.0.0.1", "192.0.2.1, rubbish", trusting: "127.0.0.1") == "127.0.0.1")
        #expect(key("127.0.0.1", "192.0.2.1:4711", trusting: "127.0.0.1") == "192.0.2.1")
        #expect(key("127.0.0.1", "[2001:db8::1]:4711", trusting: "127.0.0.1") == "2001:db8:0:0::/64")
        #expect(key("::ffff:127.0.0.1", "192.0.2.1", trusting: "127.0.0.1") == "192.0.2.1")
    }

    @Test("counts an IPv6 network as one caller")
    func groupsNetworks() {
        #expect(key("2001:db8:1:2:aaaa::1", nil) == key("2001:db8:1:2:bbbb::2%eth0", nil))
        #expect(key("2001:db8:1:2::1", nil) != key("2001:db8:1:3::1", nil))
    }

    @Test("is secure only where a trusted proxy says so")
    func knowsHTTPS() {
        func isSecure(_ peer: String, _ proto: String?) -> Bool {
            TrustedProxies([AddressRange("127.0.0.1")].compactMap(\.self))
                .source(peer: peer, forwardedFor: nil, forwardedProto: proto).isSecure
        }
        #expect(isSecure("127.0.0.1", "https") && isSecure("127.0.0.1", "http, HTTPS"))
        #expect(!isSecure("127.0.0.1", "https, http") && !isSecure("127.0.0.1", nil))
        #expect(!isSecure("192.0.2.1", "https"))
    }

    @Test("is within a range by its first bits")
    func ranges() throws {
        let range = try #require(AddressRange("10.64.0.0/10"))
        for (text, isIn) in [
            ("10.64.0.0", true), ("10.127.255.255", true), ("10.128.0.0", false), ("::1", false),
        ] {
            let address = try #require(NetworkAddress(text))
            #expect(range.contains(address) == isIn, "\(text)")
        }
        #expect(AddressRange("0.0.0.0/0")?.contains(try #require(NetworkAddress("1.2.3.4"))) == true)
        #expect(
            AddressRange("2001:db8::/33")?.contains(try #require(NetworkAddress("2001:db8:8000::"))) == false
        )
        for text in ["", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "a/8", "10.0.0.0/8/8"] {
            #expect(AddressRange(text) == nil, "\(text)")
        }
    }
}
