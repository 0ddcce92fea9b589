import HTTPTransport
import Testing
import TidegateTestKit

@Suite("A transport, against a real nginx")
struct NginxTests {
    private static let locations = """
        location /ok { return 200 'fine'; }
        location /echo { return 200 '$request_method $http_x_tenant $http_accept_encoding $http_expect'; }
        location /away { return 302 http://127.0.0.1:$PORT/ok; }
        location /login { add_header WWW-Authenticate Basic always; return 401 'who?'; }
        location /missing { return 404; }
        location /busy { add_header Retry-After 120 always; return 503; }
        location /headers { add_header X-Fill FILL; return 200 'x'; }
        location /slow { limit_rate 1; alias $DIR/page.txt; }
        location /zipped { gzip on; gzip_types *; gzip_min_length 1; alias $DIR/page.txt; }
        location /bomb { gzip on; gzip_types *; gzip_comp_level 1; alias $DIR/zeros; }
        location /chunked { sub_filter_types *; sub_filter never-there x; alias $DIR/zeros; }
        """

    private static let page = String(repeating: "a page of text\n", count: 1_000)

    private static func nginx() throws -> NginxServer {
        try NginxServer.start(
            locations.replacing("FILL", with: String(repeating: "f", count: 3_000)),
            files: ["page.txt": page]
        )
    }

    private static func get(
        _ url: String,
        _ settings: TransportSettings = TransportSettings(),
        within limit: Duration = .seconds(30)
    ) throws -> Result<HTTPResponse, TransportFailure> {
        try #require(HTTPTransport(settings).perform([HTTPRequest(url: url)], within: limit).first)
    }

    @Test("brings status, headers and body back")
    func answers() throws {
        try Self.nginx().use { server in
            let response = try Self.get("\(server.url)/ok").get()
            #expect(response.status == 200)
            #expect(response.header("content-type") == "text/plain")
            #expect(String(decoding: response.body, as: UTF8.self) == "fine")
        }
    }

    @Test("sends method, headers and body as given", arguments: HTTPMethod.allCases)
    func sends(method: HTTPMethod) throws {
        try Self.nginx().use { server in
            let request = HTTPRequest(
                method: method,
                url: "\(server.url)/echo",
                headers: [HTTPHeader("X-Tenant", "a|b")],
                body: method == .get ? [] : Array(repeating: 0x20, count: 2_000)
            )
            let response = try HTTPTransport().perform([request], within: .seconds(30))[0].get()
            #expect(String(decoding: response.body, as: UTF8.self) == "\(method.rawValue) a|b gzip ")
        }
    }

    @Test("unpacks a compressed answer")
    func gzip() throws {
        try Self.nginx().use { server in
            let response = try Self.get("\(server.url)/zipped").get()
            #expect(response.header("Content-Encoding") == "gzip")
            #expect(String(decoding: response.body, as: UTF8.self) == Self.page)
        }
    }

    @Test("cuts an answer that is too large, compressed or without a length", arguments: ["bomb", "chunked"])
    func bounded(path: String) throws {
        try Self.nginx().use { server in
            try ProgramLaunch.run(["truncate", "-s", "64M", "zeros"], in: server.program.directory)
            let result = try Self.get("\(server.url)/\(path)")
            #expect(throws: TransportFailure(.tooLarge, message: "the answer is larger than 16777216 bytes"))
            {
                try result.get()
            }
        }
    }

    @Test("cuts headers that are too large")
    func boundedHeaders() throws {
        try Self.nginx().use { server in
            let result = try Self.get("\(server.url)/headers", TransportSettings(maximumHeaderBytes: 2_000))
            #expect(
                throws: TransportFailure(
                    .tooLarge,
                    message: "the answer's headers are larger than 2000 bytes"
                )
            ) {
                try result.get()
            }
        }
    }

    @Test("takes a redirect as an answer and does not follow it")
    func redirect() throws {
        try Self.nginx().use { server in
            let response = try Self.get("\(server.url)/away").get()
            #expect(response.status == 302)
            #expect(response.header("Location") == "\(server.url)/ok")
        }
    }

    @Test(
        "takes errors of the server as answers",
        arguments: zip(["login", "missing", "busy"], [401, 404, 503])
    )
    func errors(path: String, status: Int) throws {
        try Self.nginx().use { server in
            let response = try Self.get("\(server.url)/\(path)").get()
            #expect(response.status == status)
            #expect((response.header("Retry-After") == "120") == (status == 503))
        }
    }

    @Test("gives up at the deadline, keeping what was finished before")
    func deadline() throws {
        try Self.nginx().use { server in
            let requests = ["slow", "ok"].map { HTTPRequest(url: "\(server.url)/\($0)") }
            let results = HTTPTransport().perform(requests, within: .milliseconds(700))
            let failure = #expect(throws: TransportFailure.self) { try results[0].get() }
            #expect(failure?.code == .timedOut)
            let status = try results[1].get().status
            #expect(status == 200)
        }
    }

    @Test("asks nothing when no time is left")
    func noTime() throws {
        let result = try Self.get("http://127.0.0.1:1/", within: .zero)
        let failure = #expect(throws: TransportFailure.self) { try result.get() }
        #expect(failure?.code == .timedOut)
    }

    @Test("says so when nobody listens")
    func closedPort() throws {
        let result = try Self.get("http://127.0.0.1:\(LoopbackHTTP.freePort())/")
        let failure = #expect(throws: TransportFailure.self) { try result.get() }
        #expect(failure?.code == .notConnected)
        #expect(failure?.isRetryable == true)
    }

    @Test("carries twenty requests at once and keeps their order")
    func many() throws {
        try Self.nginx().use { server in
            let requests = (0..<20).map {
                HTTPRequest(url: "\(server.url)/echo", headers: [HTTPHeader("X-Tenant", "number-\($0)")])
            }
            let results = HTTPTransport().perform(requests, within: .seconds(30))
            #expect(results.count == 20)
            for (index, result) in results.enumerated() {
                let body = try result.get().body
                #expect(String(decoding: body, as: UTF8.self) == "GET number-\(index) gzip ")
            }
        }
    }

    @Test("refuses a bad request before anything is sent, and carries the others")
    func refusesAlone() throws {
        try Self.nginx().use { server in
            let requests = [
                HTTPRequest(url: "\(server.url)/ok", headers: [HTTPHeader("X-A", "1\r\nX-B: 2")]),
                HTTPRequest(url: server.url.replacing("http://", with: "http://user:secret@")),
                HTTPRequest(url: "127.0.0.1:\(server.port)/ok"),
                HTTPRequest(url: "\(server.url)/ok"),
            ]
            let results = HTTPTransport().perform(requests, within: .seconds(30))
            for result in results.prefix(3) {
                let failure = #expect(throws: TransportFailure.self) { try result.get() }
                #expect(failure?.code == .invalidRequest)
                #expect(failure?.message.contains("secret") == false)
            }
            let status = try results[3].get().status
            #expect(status == 200)
        }
    }

    @Test("names its libcurl")
    func version() {
        #expect(HTTPTransport.libcurlVersion.hasPrefix("libcurl/"))
    }
}
