import HTTPTransport
import Rollout
import Testing
import TidegateTestKit

@testable import MetricsSources

@Suite("Access to a metrics server")
struct AccessTests {
    private static func location(_ url: String, _ credentials: Credentials? = nil) -> PrometheusLocation {
        PrometheusLocation(url: url, credentials: credentials)
    }

    private static func withFile<R>(_ content: String, _ body: (String) throws -> R) throws -> R {
        let directory = try RunningProgram.makeDirectory()
        defer { _ = try? ProgramLaunch.run(["rm", "-rf", directory], in: "/tmp") }
        try TextFile.write(content, to: "\(directory)/secret")
        return try body("\(directory)/secret")
    }

    @Test(
        "joins base and path with one slash and keeps the prefix",
        arguments: [
            "http://localhost:9090/prom", "http://localhost:9090/prom/", "http://localhost:9090/prom//",
        ]
    )
    func joins(url: String) throws {
        let access = try Access(Self.location(url), environment: [:])
        let request = InstantQuery(expression: "up", at: .newYear).request(
            access,
            method: .post,
            timeout: .seconds(8)
        )
        #expect(request.url == "http://localhost:9090/prom/api/v1/query")
    }

    @Test("asks about a moment in milliseconds, with everything escaped")
    func encodes() throws {
        let access = try Access(Self.location("http://localhost:9090"), environment: [:])
        let query = InstantQuery(expression: "a+b{c=~\"é&\"} ", at: .newYear + .milliseconds(7))
        let form = "query=a%2Bb%7Bc%3D~%22%C3%A9%26%22%7D%20&time=1767225600.007&timeout=8s&nocache=1"
        let post = query.request(access, method: .post, timeout: .milliseconds(8_300))
        #expect(String(decoding: post.body, as: UTF8.self) == form)
        #expect(post.headers.contains { $0.value == "application/x-www-form-urlencoded" })
        let get = query.request(access, method: .get, timeout: .seconds(8))
        #expect(get.url == "http://localhost:9090/api/v1/query?\(form)")
        #expect(get.body.isEmpty)
    }

    @Test("reads secrets anew, without the white space around them")
    func secrets() throws {
        try Self.withFile("  token-1\n") { path in
            let location = Self.location("https://prometheus.example", .bearer(token: .file(path: path)))
            let first = try Access(location, environment: [:])
            #expect(first.admission.headers.map(\.value) == ["Bearer token-1"])
            try TextFile.write("token-2", to: path)
            let second = try Access(location, environment: [:])
            #expect(second.admission.headers.map(\.value) == ["Bearer token-2"])
        }
        let basic = Credentials.basic(user: "u", password: .environment(name: "PW"))
        let access = try Access(
            Self.location("https://prometheus.example", basic),
            environment: ["PW": "p:ä"]
        )
        #expect(access.admission.headers.map(\.value) == ["Basic dTpwOsOk"])
        #expect(access.admission.secrets.contains("p:ä"))
    }

    @Test(
        "is denied when a secret is empty, broken by a line, or not there",
        arguments: ["", " \n", "a\nb", "a\0b"]
    )
    func badSecrets(content: String) throws {
        try Self.withFile(content) { path in
            let location = Self.location("https://prometheus.example", .bearer(token: .file(path: path)))
            let denial = #expect(throws: Access.Denial.self) { try Access(location, environment: [:]) }
            #expect(denial?.refusal == .credentials)
            #expect(denial?.message.contains(path) == true)
        }
        let missing = Self.location(
            "https://prometheus.example",
            .bearer(token: .file(path: "/nowhere/token"))
        )
        let denial = #expect(throws: Access.Denial.self) { try Access(missing, environment: [:]) }
        #expect(denial?.message == "file /nowhere/token cannot be read: there is no such file")
        let unset = Self.location("https://prometheus.example", .bearer(token: .environment(name: "TOKEN")))
        let unsetDenial = #expect(throws: Access.Denial.self) { try Access(unset, environment: [:]) }
        #expect(unsetDenial?.message == "environment variable TOKEN is not set")
    }

    @Test("is denied when secrets would travel in plain text, except on this host")
    func plainText() throws {
        let credentials = Credentials.bearer(token: .environment(name: "T"))
        let denial = #expect(throws: Access.Denial.self) {
            try Access(Self.location("http://prometheus.example", credentials), environment: ["T": "hunter2"])
        }
        #expect(denial?.refusal == .credentials)
        #expect(denial?.message.contains("hunter2") == false)
        let local = try Access(
            Self.location("http://127.0.0.1:9090", credentials),
            environment: ["T": "hunter2"]
        )
        #expect(local.admission.headers.count == 1)
        let open = try Access(Self.location("http://prometheus.example"), environment: [:])
        #expect(open.admission.headers.isEmpty)
    }

    @Test(
        "is denied to addresses that are no plain base",
        arguments: [
            "prometheus:9090", "ftp://x", "http://u:hunter2@x", "http://x/?token=1", "http://x/#a",
            "http://x y",
        ]
    )
    func addresses(url: String) {
        let denial = #expect(throws: Access.Denial.self) { try Access(Self.location(url), environment: [:]) }
        #expect(denial?.refusal == .request)
        #expect(denial?.message.contains("hunter2") == false)
    }

    @Test("is denied when a header could become two")
    func headers() throws {
        var location = Self.location("https://prometheus.example")
        location.headers = [HeaderSetting(name: "X-Scope-OrgID", value: .text("a\r\nX-Evil: 1"))]
        let denial = #expect(throws: Access.Denial.self) { try Access(location, environment: [:]) }
        #expect(denial?.message.contains("X-Scope-OrgID") == true)
    }
}
