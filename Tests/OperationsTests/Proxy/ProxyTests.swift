import Testing
import TidegateTestKit

@Suite("Behind the nginx of the operations page")
struct ProxyTests {
    private static let uncompressed = "gzip_types application/json"
    private static let compressed = "gzip_types text/event-stream application/json"

    private static func compressing(_ location: String) -> String {
        location.replacing(uncompressed, with: compressed)
    }

    @Test("events pass at once, also where streams are compressed", arguments: [false, true])
    func passesAtOnce(isCompressed: Bool) throws {
        let service = try ProxiedService(ServedFlag.start("--ping", "500ms")) {
            isCompressed ? Self.compressing($0) : $0
        }
        defer { service.stop() }
        let stream = try CurlStream(service.streamURL, "--compressed", "-D", "head")
        // So little text fills no buffer: a proxy that holds it back holds it back until the stream's end.
        try stream.waitUntil { $0.count("snapshot") == 1 && $0.count("ping") >= 2 }
        #expect(!stream.hasEnded)
        #expect(stream.head.lowercased().contains("content-encoding: gzip") == isCompressed)
    }

    @Test("events would not pass without the header that the service sends")
    func heldBack() throws {
        let service = try ProxiedService(ServedFlag.start("--ping", "500ms")) {
            Self.compressing($0).replacing(
                "proxy_http_version",
                with: "proxy_ignore_headers X-Accel-Buffering; proxy_http_version"
            )
        }
        defer { service.stop() }
        let held = try CurlStream(service.streamURL, "--compressed")
        let direct = try CurlStream("\(service.server.url)/api/sse/sessions?client=b")
        try direct.waitUntil { $0.count("ping") >= 4 }
        #expect(held.text == "")
    }

    @Test("pings keep an idle stream open for longer than nginx waits")
    func pingsKeepItOpen() throws {
        let service = try ProxiedService(ServedFlag.start("--ping", "300ms")) {
            $0.replacing("proxy_read_timeout 60s", with: "proxy_read_timeout 1s")
        }
        defer { service.stop() }
        let stream = try CurlStream(service.streamURL)
        // Twenty pings take six times as long as the proxy waits.
        try stream.waitUntil { $0.count("ping") >= 20 || $0.hasEnded }
        #expect(!stream.hasEnded)
    }

    @Test("a stream without pings in time is cut")
    func cutWhenIdle() throws {
        let service = try ProxiedService(ServedFlag.start("--ping", "100s")) {
            $0.replacing("proxy_read_timeout 60s", with: "proxy_read_timeout 1s")
        }
        defer { service.stop() }
        let stream = try CurlStream(service.streamURL)
        try stream.waitUntil { $0.hasEnded }
        #expect(stream.count("snapshot") == 1)
        #expect(stream.count("ping") == 0)
    }

    @Test("many clients have a stream each")
    func manyStreams() throws {
        let service = try ProxiedService(
            ServedFlag.start(
                "--ping",
                "500ms",
                "--trusted-proxy",
                "127.0.0.1",
                "--max-streams-per-client",
                "100",
                "--stream-openings-per-minute",
                "1000"
            )
        )
        defer { service.stop() }
        let streams = try CurlStream(
            "\(service.nginx.url)/api/sse/sessions?client=c[1-50]",
            "-Z",
            "--parallel-max",
            "60",
            "--parallel-immediate"
        )
        try streams.waitUntil { $0.count("snapshot") == 50 }
        try service.server.waitForMetric(#"sse_active_connections{variant="sse"} 50"#)
        #expect(!streams.hasEnded)
    }

    @Test("a client outside the flag gets 204")
    func outside() throws {
        let service = try ProxiedService(ServedFlag.start(percentage: 0))
        defer { service.stop() }
        #expect(try service.head("/api/sse/sessions?client=a").hasPrefix("HTTP/1.1 204 "))
    }

    @Test("every client has limits of its own, and learns when to come back")
    func limits() throws {
        let service = try ProxiedService(
            ServedFlag.start("--requests-per-minute", "5", "--trusted-proxy", "127.0.0.1")
        )
        defer { service.stop() }
        let path = "/api/sessions?client=a"
        for _ in 1...5 { #expect(try service.head(path, from: "127.0.0.5").hasPrefix("HTTP/1.1 200 ")) }
        let refused = try service.head(path, from: "127.0.0.5")
        #expect(refused.hasPrefix("HTTP/1.1 429 "))
        #expect(refused.contains(/(?i)\r\nretry-after: [1-9][0-9]?\r\n/), "\(refused)")
        // Another address is another caller; one that makes an address up is not.
        #expect(try service.head(path, from: "127.0.0.6").hasPrefix("HTTP/1.1 200 "))
        let forged = try service.head(path, from: "127.0.0.5", "X-Forwarded-For: 192.0.2.1")
        #expect(forged.hasPrefix("HTTP/1.1 429 "))
    }
}
